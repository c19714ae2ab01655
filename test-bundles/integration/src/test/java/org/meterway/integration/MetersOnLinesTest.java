// SPDX-License-Identifier: EPL-2.0
package org.meterway.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.meterway.launcher.House;
import org.meterway.linemeters.Bus;
import org.meterway.linemeters.DlmsMeter;
import org.meterway.linemeters.Dlt645Meter;
import org.meterway.linemeters.Trouble;

/** From an emulated meter on a serial server to REST, through the assembled gateway. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class MetersOnLinesTest {
    private static final String READ = "{\"operation\":\"read\",\"paths\":[\"1-0:1.8.0\"],\"timeoutSeconds\":60}";

    @TempDir
    Path data;

    private static String meter(String protocol, String address) {
        return "{\"line\":{\"line\":\"north\",\"protocol\":\"" + protocol + "\",\"address\":\"" + address + "\"}}";
    }

    @Test
    void metersOfTwoProtocolsOnOneLineAreReadKeptAndFoundAgain() throws Exception {
        try (Bus bus = new Bus(Trouble.none())
                        .with(
                                new Dlt645Meter("000000000161", 2_400).data("00010000", "00012345"),
                                new DlmsMeter(1, 17, "", 128).register("1.0.1.8.0.255", 12_345, 3, 30));
                House house = House.open(
                        data,
                        Map.of(
                                "org.meterway.line~north/name",
                                "north",
                                "org.meterway.line~north/port",
                                bus.address()))) {
            assertTrue(house.put("/api/v1/meters/m1", meter("dlt645", "000000000161")) < 300);
            assertTrue(house.put("/api/v1/meters/m2", meter("dlms", "17")) < 300);
            assertEquals("123450", read(house, "m1"));
            assertEquals("12345000", read(house, "m2"));
            // what was answered is in the store, so it is found at once
            assertEquals(
                    "123450",
                    house.get("/api/v1/meters/m1/registers")
                            .at("/items/0/value")
                            .asText());
            assertEquals(
                    "12345000",
                    house.get("/api/v1/meters/m2/registers")
                            .at("/items/0/value")
                            .asText());
            assertEquals(
                    "line",
                    house.get("/api/v1/meters/m1").at("/connection/channel").asText());
            assertEquals(
                    "2 meters", house.get("/api/v1/lines").at("/items/0/text").asText());
        }
    }

    private static String read(House house, String meter) throws Exception {
        JsonNode answer = house.post("/api/v1/meters/" + meter + "/commands", READ);
        assertEquals(200, answer.path("httpStatus").asInt(), answer::toString);
        assertTrue(answer.path("success").asBoolean(), answer::toString);
        return answer.path("values").path("1-0:1.8.0").asText();
    }
}
