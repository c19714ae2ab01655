// SPDX-License-Identifier: EPL-2.0
package org.meterway.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.LongStream;
import org.eclipse.leshan.core.node.LwM2mPath;
import org.eclipse.leshan.core.node.LwM2mSingleResource;
import org.eclipse.leshan.core.node.TimestampedLwM2mNodes;
import org.eclipse.leshan.core.node.codec.DefaultLwM2mDecoder;
import org.eclipse.leshan.core.node.codec.LwM2mDecoder;
import org.eclipse.leshan.core.request.ContentFormat;
import org.junit.jupiter.api.Test;
import org.meterway.fleet.profile.Profiles;

class SenmlCborTest {
    private static final Instant TIME = Instant.ofEpochSecond(1_700_000_000);

    @Test
    void aPackNamesAPathOnceAndCountsTimesFromTheFirst() {
        byte[] pack = SenmlCbor.encode(List.of(
                new SimulatedReading("/3305/0/5805", TIME, new BigDecimal("164.000")),
                new SimulatedReading("/3305/0/5805", TIME.plusSeconds(1800), new BigDecimal("100000.0"))));

        // [{-2: "/3305/0/5805", -3: 1700000000, 2: 164.0}, {6: 1800, 2: 100000.0}]
        assertEquals(
                "82a3216c2f333330352f302f35383035221a6553f10002fb4064800000000000" + "a206190708"
                        + "02fb40f86a0000000000",
                HexFormat.of().formatHex(pack));
    }

    @Test
    void aFractionIsADecimalFraction() {
        byte[] pack =
                SenmlCbor.encode(List.of(new SimulatedReading("/10243/0/14", TIME, new BigDecimal("9273.851200"))));

        // [{-2: "/10243/0/14", -3: 1700000000, 2: 4([-4, 92738512])}]
        assertEquals(
                "81a3216b2f31303234332f302f3134221a6553f10002c482231a058713d0",
                HexFormat.of().formatHex(pack));
    }

    @Test
    void anotherPathIsNamedAtItsFirstValue() {
        byte[] pack = SenmlCbor.encode(List.of(
                new SimulatedReading("/a", TIME, BigDecimal.ONE), new SimulatedReading("/b", TIME, BigDecimal.ZERO)));

        // [{-2: "/a", -3: 1700000000, 2: 1.0}, {-2: "/b", 2: 0.0}]
        assertEquals(
                "82a321622f61221a6553f10002fb3ff0000000000000" + "a221622f6202fb0000000000000000",
                HexFormat.of().formatHex(pack));
    }

    @Test
    void aFractionThatAFloatHoldsExactlyIsAFloat() {
        byte[] pack = SenmlCbor.encode(List.of(new SimulatedReading("/a", TIME, new BigDecimal("9273.7500"))));

        // [{-2: "/a", -3: 1700000000, 2: 9273.75}]
        assertEquals(
                "81a321622f61221a6553f10002fb40c21ce000000000", HexFormat.of().formatHex(pack));
    }

    /** The decoder of Leshan's server takes only some of the forms a number may have. */
    @Test
    void leshanReadsEveryValueOfEveryKindOfMeter() {
        MeterObjects objects = new MeterObjects();
        LwM2mDecoder decoder = new DefaultLwM2mDecoder();
        for (MeterDescription meter : new FleetPlan(Profiles.load(), 1).meters(10)) {
            for (MeterRegister register : meter.registers()) {
                long seconds = meter.kind().interval().toSeconds();
                List<SimulatedReading> readings = LongStream.range(0, 2_000)
                        .map(i -> TIME.getEpochSecond() / seconds + i)
                        .mapToObj(grid -> new SimulatedReading(
                                meter.energyPath(register),
                                Instant.ofEpochSecond(grid * seconds),
                                register.valueAt(grid)))
                        .toList();

                TimestampedLwM2mNodes nodes = decoder.decodeTimestampedNodes(
                        SenmlCbor.encode(readings), ContentFormat.SENML_CBOR, null, null, objects.model());

                for (SimulatedReading reading : readings) {
                    LwM2mSingleResource resource = (LwM2mSingleResource)
                            nodes.getNodesAt(reading.time()).get(new LwM2mPath(reading.path()));
                    assertEquals(
                            0,
                            reading.value()
                                    .compareTo(
                                            new BigDecimal(resource.getValue().toString())),
                            reading::toString);
                }
            }
        }
    }
}
