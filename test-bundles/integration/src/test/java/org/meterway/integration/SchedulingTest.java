// SPDX-License-Identifier: EPL-2.0
package org.meterway.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.meterway.launcher.House;

/** Scheduling in the assembled gateway: everything it needs is there, and what it offers is served. */
class SchedulingTest {
    @TempDir
    Path folder;

    private static String plan(String trigger) {
        return "{\"action\":{\"type\":\"read-registers\"},\"selector\":{\"tags\":[\"vip\"]},\"trigger\":" + trigger
                + "}";
    }

    @Test
    void plansAreKeptRehearsedCarriedOutAndOutliveARestart() throws Exception {
        try (House house = House.open(folder)) {
            assertEquals(
                    201, house.put("/api/v1/meters/m1", "{\"state\":\"active\",\"zone\":\"a\",\"tags\":[\"vip\"]}"));
            assertEquals(201, house.put("/api/v1/meters/m2", "{\"state\":\"active\",\"zone\":\"a\"}"));
            assertEquals(422, house.put("/api/v1/plans/never", plan("{\"cron\":\"0 0 30 2 *\"}")));
            assertEquals(
                    201,
                    house.put("/api/v1/plans/hourly", plan("{\"cron\":\"0 * * * *\",\"timeZone\":\"Europe/London\"}")));
            JsonNode forecast = house.post("/api/v1/plans/hourly/rehearsal");
            assertEquals("m1", forecast.at("/misses/0/meter").asText(), forecast.toString());
            assertTrue(forecast.at("/misses/0/reason").asText().contains("not registered"), forecast.toString());
            Instant soon = Instant.now().plusSeconds(2).truncatedTo(ChronoUnit.SECONDS);
            assertEquals(201, house.put("/api/v1/plans/once", plan("{\"once\":\"" + soon + "\"}")));
            JsonNode orders = house.get("/api/v1/orders?plan=once");
            long end = System.nanoTime() + 60_000_000_000L;
            while (!orders.at("/items/0/state").asText().equals("queued") && System.nanoTime() < end) {
                Thread.onSpinWait();
                orders = house.get("/api/v1/orders?plan=once");
            }
            assertEquals(1, orders.path("items").size(), orders.toString());
            assertEquals("m1", orders.at("/items/0/meter").asText());
            assertTrue(orders.at("/items/0/reason").asText().contains("not registered"), orders.toString());
            assertEquals(
                    2, house.get("/api/v1/running-state?zone=a").path("items").size());
            assertTrue(!house.get("/api/v1/storm").path("active").asBoolean());
        }
        try (House house = House.open(folder)) {
            assertEquals(2, house.get("/api/v1/plans").path("items").size());
            assertEquals("vip", house.get("/api/v1/meters/m1").at("/tags/0").asText());
        }
    }
}
