// SPDX-License-Identifier: EPL-2.0
package org.meterway.line;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.meterway.iec62056.Iec62056Codec;
import org.meterway.iec62056.Iec62056LineProtocol;
import org.meterway.linemeters.Bus;
import org.meterway.linemeters.IecMeter;
import org.meterway.linemeters.Pty;
import org.meterway.linemeters.Trouble;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
class IecLineTest {
    private static final String IMPORT = "1-0:1.8.0";
    /** The standard's times are those of 300 baud; a bus without a wire needs less. */
    private static final Object[] QUICK = {
        "turnaround.millis", 5, "answer.millis", 400, "inter.byte.millis", 100, "budget.seconds", 30
    };

    @TempDir
    Path folder;

    private final LineFixture gateway = new LineFixture(new Iec62056LineProtocol(), new Iec62056Codec());
    private Bus bus;

    @AfterEach
    void stop() throws Exception {
        gateway.close();
        bus.close();
    }

    private Bus bus(Trouble trouble) throws Exception {
        bus = new Bus(trouble);
        return bus;
    }

    private static IecMeter meter(String address, String kilowattHours, boolean supervised) {
        return new IecMeter(address, 5, supervised)
                .register("0-0:0.0.0", address)
                .register(IMPORT, kilowattHours + "*kWh")
                .register("1-0:2.8.0", "000001.000*kWh");
    }

    @Test
    void metersAreReadOutOverATcpSerialServer() throws Exception {
        bus(Trouble.none()).with(meter("11111111", "000123.456", false), meter("22222222", "999999.999", false));
        gateway.line(bus.address(), QUICK);
        gateway.meter("m1", "iec62056", "11111111", Map.of());
        gateway.meter("m2", "iec62056", "22222222", Map.of());
        gateway.assertRead("m1", IMPORT, "123456");
        gateway.assertRead("m2", IMPORT, "999999999");
        gateway.assertRead("m1", "1-0:2.8.0", "1000");
    }

    @Test
    void theRateIsChangedInTheMiddleOfTheExchangeOverAPseudoTerminal() throws Exception {
        assumeTrue(Pty.possible(), "socat is not installed: lines are not tested over pseudo-terminals");
        bus(Trouble.none()).with(meter("11111111", "000123.456", true));
        Path link = folder.resolve("tty");
        try (Pty pty = Pty.open(link, bus)) {
            bus.rate(pty::baud);
            gateway.line(link.toString(), QUICK);
            gateway.meter("m1", "iec62056", "11111111", Map.of());
            gateway.assertRead("m1", IMPORT, "123456");
            assertEquals(9_600, pty.baud());
            gateway.assertRead("m1", IMPORT, "123456");
        }
    }

    @Test
    void readOutsSucceedThroughNoiseLossChangedBytesAndAnswersThatStop() throws Exception {
        bus(new Trouble(21).noise(0.3).change(0.04).loss(0.04).cut(0.04))
                .with(meter("11111111", "000123.456", false), meter("22222222", "000654.321", false));
        gateway.line(
                bus.address(),
                "turnaround.millis",
                5,
                "answer.millis",
                150,
                "inter.byte.millis",
                40,
                "retries",
                9,
                "budget.seconds",
                30);
        gateway.meter("m1", "iec62056", "11111111", Map.of());
        gateway.meter("m2", "iec62056", "22222222", Map.of());
        for (int i = 0; i < 5; i++) {
            gateway.assertRead("m1", IMPORT, "123456");
            gateway.assertRead("m2", IMPORT, "654321");
        }
    }

    @Test
    void anEchoingOpticalHeadIsRead() throws Exception {
        bus(new Trouble(1).echo()).with(meter("11111111", "000123.456", false));
        gateway.line(bus.address(), QUICK);
        gateway.meter("m1", "iec62056", "", Map.of());
        gateway.assertRead("m1", IMPORT, "123456");
    }

    @Test
    void aProbeFindsAMeterWithoutKnowingItsAddress() throws Exception {
        bus(Trouble.none()).with(meter("11111111", "000123.456", false));
        gateway.line(bus.address(), QUICK);
        assertEquals("iec62056", gateway.probe("", "iec62056").found().get(0).protocol());
    }
}
