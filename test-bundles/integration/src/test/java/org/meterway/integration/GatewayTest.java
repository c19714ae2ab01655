// SPDX-License-Identifier: EPL-2.0
package org.meterway.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.meterway.launcher.House;
import org.osgi.framework.Bundle;

@Timeout(value = 5, unit = TimeUnit.MINUTES)
class GatewayTest {
    private static final String METER =
            "{\"serial\":\"1\",\"model\":\"london-30min\",\"zone\":\"z\",\"state\":\"active\"}";
    private static final List<String> SWAPPED = List.of(
            "org.meterway.senml",
            "org.meterway.coap",
            "org.meterway.intake",
            "org.meterway.store.derby",
            "org.meterway.inventory",
            "org.meterway.monitoring",
            "org.meterway.ledger",
            "org.meterway.lwm2m",
            "org.meterway.rest",
            "org.meterway.console",
            "org.meterway.http");

    @TempDir
    Path data;

    @Test
    void everyBundleIsActiveAndEveryComponentSatisfied() {
        try (House house = House.open(data)) {
            List<String> idle = Stream.of(house.context().getBundles())
                    .filter(bundle -> bundle.getState() != Bundle.ACTIVE)
                    .filter(bundle -> bundle.getHeaders().get("Fragment-Host") == null)
                    .map(Bundle::getSymbolicName)
                    .toList();
            assertEquals(List.of(), idle);
            assertEquals(List.of(), house.complaints());
        }
    }

    @Test
    void aReadingAnsweredChangedIsFoundByRestBeforeAndAfterARestart() throws Exception {
        Map<Instant, Long> acknowledged;
        try (House house = House.open(data)) {
            assertTrue(house.put("/api/v1/meters/m1", METER) < 300);
            try (Sender sender = new Sender(house.readingsPort, "m1")) {
                for (int i = 0; i < 50; i++) {
                    assertEquals("2.04", sender.post());
                }
                acknowledged = sender.acknowledged;
            }
            assertEquals(acknowledged, stored(house, "m1"));
            JsonNode integrity =
                    house.get("/api/v1/integrity?meter=m1&from=2024-03-30T00:00:00Z&to=2024-03-31T00:00:00Z");
            assertEquals(48, integrity.get("expected").asInt());
            assertEquals(48, integrity.get("present").asInt());
        }
        try (House house = House.open(data)) {
            assertEquals(acknowledged, stored(house, "m1"));
            assertEquals("m1", house.get("/api/v1/meters/m1").get("id").asText());
        }
    }

    @Test
    void anUnknownMeterIsRefusedWhileEnrolmentIsClosed() throws Exception {
        try (House house = House.open(data);
                Sender sender = new Sender(house.readingsPort, "nobody")) {
            assertEquals("4.04", sender.post());
            assertEquals(0, house.get("/api/v1/meters").get("total").asInt());
        }
    }

    @Test
    void everyBundleCanBeStoppedAndStartedUnderLoadWithoutLosingWhatWasAccepted() throws Exception {
        try (House house = House.open(data)) {
            assertTrue(house.put("/api/v1/meters/m1", METER) < 300);
            try (Sender sender = new Sender(house.readingsPort, "m1")) {
                sender.startPosting();
                for (String name : SWAPPED) {
                    Bundle bundle = house.bundle(name);
                    bundle.stop();
                    bundle.start();
                    // It must take readings again by itself before the next one goes.
                    int before = sender.acknowledged.size();
                    await(() -> sender.acknowledged.size() > before + 5, "readings are taken again after " + name);
                }
                sender.close();
                await(() -> house.complaints().isEmpty(), "all is well again");
                Map<Instant, Long> stored = stored(house, "m1");
                sender.acknowledged.forEach((start, value) -> assertEquals(value, stored.get(start), "at " + start));
            }
        }
    }

    /** Value in Wh by start, of all readings of the meter; fails on one that comes twice. */
    private static Map<Instant, Long> stored(House house, String meter) throws Exception {
        Map<Instant, Long> found = new TreeMap<>();
        String cursor = "";
        do {
            JsonNode page = house.get("/api/v1/readings?meter=" + meter
                    + "&quantity=1-0:1.8.0&from=2024-01-01T00:00:00Z&to=2026-01-01T00:00:00Z&limit=1000" + cursor);
            for (JsonNode item : page.get("items")) {
                Instant start = Instant.parse(item.get("start").asText());
                assertEquals(1800, item.get("intervalSeconds").asInt());
                assertEquals(null, found.put(start, item.get("value").asLong()), "twice: " + start);
            }
            cursor = page.path("next").isTextual()
                    ? "&cursor=" + page.get("next").asText()
                    : "";
        } while (!cursor.isEmpty());
        return found;
    }

    private static void await(BooleanSupplier condition, String what) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < end, "still not after 60 s: " + what);
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }
}
