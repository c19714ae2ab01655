// SPDX-License-Identifier: EPL-2.0
package org.meterway.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.meterway.api.channel.Answer;
import org.meterway.api.channel.Connection;
import org.meterway.api.line.LineProbe;
import org.meterway.api.line.LineSettings;
import org.meterway.api.line.LineStatus;
import org.meterway.api.line.Lines;
import org.meterway.api.line.Parity;
import org.meterway.api.meter.LineAddress;
import org.meterway.api.meter.Meter;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class LinesTest {
    private static final String JSON = "application/json";
    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");

    private final TestInventory inventory = new TestInventory();
    private final TestChannel lwm2m = new TestChannel("lwm2m");
    private final TestChannel line = new TestChannel("line");
    private final OneLine lines = new OneLine();
    private Gateway gateway;

    @BeforeEach
    void start() throws Exception {
        gateway = new Gateway();
        gateway.services.inventory = inventory;
        gateway.services.channels = List.of(line, lwm2m);
        gateway.services.lines = lines;
        inventory.put(Meter.builder("m1")
                .line(new LineAddress("north", "dlt645", "000000000161", Map.of()))
                .build());
        inventory.put(Meter.builder("m2").build());
    }

    @AfterEach
    void stop() throws Exception {
        gateway.close();
    }

    private Gateway.Reply read(String meter, String path) throws Exception {
        return gateway.send(
                "POST",
                "/meters/" + meter + "/commands",
                JSON,
                "{\"operation\":\"read\",\"paths\":[\"" + path + "\"]}");
    }

    @Test
    void anObisCodeIsReadOverTheMetersLineAlthoughNothingWasHeardOfItYet() throws Exception {
        line.answer.complete(new Answer(true, "2.05", "", Map.of("1-0:1.8.0", new BigDecimal("123.4")), ""));
        Gateway.Reply reply = read("m1", "1-0:1.8.0");
        assertEquals(200, reply.status());
        assertEquals("123.4", reply.json().at("/values").path("1-0:1.8.0").asText());
        assertEquals(List.of("1-0:1.8.0"), line.sent.paths());
    }

    @Test
    void anLwm2mPathGoesWhereTheMeterIsRegisteredAndNeverToALine() throws Exception {
        line.connections.put("m1", new Connection("line", Connection.State.REGISTERED, "north/161", NOW));
        assertEquals(504, read("m1", "/3/0/0").status());
        lwm2m.connections.put("m1", new Connection("lwm2m", Connection.State.REGISTERED, "127.0.0.1:1", NOW));
        lwm2m.answer.complete(new Answer(true, "2.05", "", Map.of(), ""));
        assertEquals(200, read("m1", "/3/0/0").status());
        assertNull(line.sent);
    }

    @Test
    void anObisCodeOfAMeterOnNoLineIsTheCallersMistake() throws Exception {
        Gateway.Reply reply = read("m2", "1-0:1.8.0");
        assertEquals(400, reply.status());
        assertTrue(reply.detail().contains("m2 is on no line"), reply.detail());
        gateway.services.channels = List.of(lwm2m);
        assertEquals(503, read("m1", "1-0:1.8.0").status());
    }

    @Test
    void linesAreListedWithMetersAndFigures() throws Exception {
        assertEquals(
                "{\"items\":[{\"name\":\"north\",\"port\":\"/dev/ttyUSB0\",\"open\":true,\"text\":\"2 meters, 1 silent\",\"waiting\":3,"
                        + "\"meters\":[{\"meter\":\"m1\",\"protocol\":\"dlt645\",\"address\":\"161\",\"state\":\"silent\","
                        + "\"lastAnswer\":null,\"skippedUntil\":\"2026-11-22T10:00:00Z\"}],\"statistics\":{\"answered\":7}}]}",
                gateway.get("/lines").json().toString());
        gateway.services.lines = null;
        assertEquals(503, gateway.get("/lines").status());
    }

    @Test
    void aProbeIsStartedFollowedAndStopped() throws Exception {
        assertEquals(404, gateway.get("/lines/north/probe").status());
        Gateway.Reply started =
                gateway.send("POST", "/lines/north/probe", JSON, "{\"protocols\":[\"dlt645\"],\"address\":\"AA\"}");
        assertEquals(202, started.status());
        assertEquals("[dlt645] AA", lines.order);
        assertEquals("running", started.json().path("state").asText());
        assertEquals(409, gateway.send("POST", "/lines/north/probe", JSON, "{}").status());
        assertEquals(
                204, gateway.send(gateway.to("/lines/north/probe").DELETE()).status());
        assertEquals(
                "{\"line\":\"north\",\"state\":\"ended\",\"startedAt\":\"2026-11-22T10:00:00Z\",\"endedAt\":\"2026-11-22T10:00:00Z\","
                        + "\"tried\":1,\"trials\":5,\"text\":\"stopped\",\"found\":[{\"protocol\":\"dlt645\",\"settings\":\"2400 8E1\","
                        + "\"baud\":2400,\"dataBits\":8,\"parity\":\"even\",\"stopBits\":1,\"address\":\"AA\",\"answer\":\"161\"}]}",
                gateway.get("/lines/north/probe").json().toString());
        assertEquals(
                404, gateway.send(gateway.to("/lines/north/probe").DELETE()).status());
    }

    @Test
    void aLineOrProtocolThatIsNotThereIsNamed() throws Exception {
        Gateway.Reply line = gateway.send("POST", "/lines/south/probe", JSON, "{}");
        assertEquals(404, line.status());
        assertEquals("there is no line 'south'", line.detail());
        Gateway.Reply protocol = gateway.send("POST", "/lines/north/probe", JSON, "{\"protocols\":[\"morse\"]}");
        assertEquals(400, protocol.status());
        assertTrue(protocol.detail().contains("morse"), protocol.detail());
    }

    /** One line, whose probe runs until it is stopped. */
    private static final class OneLine implements Lines {
        private Optional<LineProbe> probe = Optional.empty();
        private String order = "";

        @Override
        public List<LineStatus> lines() {
            LineStatus.OnLine silent = new LineStatus.OnLine(
                    "m1", "dlt645", "161", LineStatus.State.SILENT, Optional.empty(), Optional.of(NOW));
            return List.of(new LineStatus(
                    "north", "/dev/ttyUSB0", true, "2 meters, 1 silent", 3, List.of(silent), Map.of("answered", 7L)));
        }

        @Override
        public LineProbe startProbe(String line, List<String> protocols, String address) {
            if (protocols.contains("morse")) {
                throw new IllegalArgumentException("the protocol 'morse' is not installed");
            }
            if (probe.isPresent()) {
                throw new IllegalStateException("line north is being probed already");
            }
            order = protocols + " " + address;
            probe = Optional.of(new LineProbe(line, NOW, Optional.empty(), 0, 5, "tries", List.of()));
            return probe.get();
        }

        @Override
        public Optional<LineProbe> probe(String line) {
            return probe;
        }

        @Override
        public boolean stopProbe(String line) {
            boolean running = probe.filter(known -> known.endedAt().isEmpty()).isPresent();
            LineProbe.Found found =
                    new LineProbe.Found("dlt645", LineSettings.of(2_400, 8, Parity.EVEN, 1), "AA", "161");
            probe = Optional.of(new LineProbe("north", NOW, Optional.of(NOW), 1, 5, "stopped", List.of(found)));
            return running;
        }
    }
}
