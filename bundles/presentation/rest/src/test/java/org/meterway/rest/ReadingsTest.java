// SPDX-License-Identifier: EPL-2.0
package org.meterway.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.meterway.api.meter.Meter;
import org.meterway.api.reading.Quality;
import org.meterway.api.reading.Quantity;
import org.meterway.api.reading.Reading;
import org.meterway.api.reading.StoredReading;
import org.meterway.api.reading.Unit;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ReadingsTest {
    private static final Instant DAY = Instant.parse("2026-11-20T00:00:00Z");
    private static final Quantity ENERGY = Quantity.of("1-0:1.8.0", Unit.WATT_HOUR);
    private static final Quantity POWER = Quantity.of("1-0:1.7.0", Unit.WATT);

    private final TestInventory inventory = new TestInventory();
    private final TestReadings readings = new TestReadings();
    private Gateway gateway;

    @BeforeEach
    void start() throws Exception {
        gateway = new Gateway();
        gateway.services.inventory = inventory;
        gateway.services.readings = readings;
        for (String id : List.of("m1", "m2")) {
            inventory.put(Meter.builder(id).zone("north").build());
            readings.stored.add(reading(id, POWER, 7, Duration.ZERO, -1_500_000));
            for (int i = 0; i < 48; i++) {
                readings.stored.add(reading(id, ENERGY, 1800L * i, Duration.ofMinutes(30), 123_400_000L + i));
            }
        }
        inventory.put(Meter.builder("m3").zone("south").build());
    }

    @AfterEach
    void stop() throws Exception {
        gateway.close();
    }

    private static StoredReading reading(String meter, Quantity quantity, long seconds, Duration interval, long count) {
        return new StoredReading(
                meter,
                new Reading(quantity, DAY.plusSeconds(seconds), interval, count, Quality.MEASURED | Quality.LATE),
                17);
    }

    @Test
    void aReadingIsShownExactly() throws Exception {
        JsonNode page = gateway.get(
                        "/readings?meter=m1&quantity=1-0:1.8.0&from=2026-11-20T00:30:00Z&to=2026-11-20T02:00:00%2B01:00")
                .json();
        assertEquals(
                "{\"items\":[{\"meter\":\"m1\",\"quantity\":\"1-0:1.8.0\",\"unit\":\"Wh\",\"start\":\"2026-11-20T00:30:00Z\","
                        + "\"intervalSeconds\":1800,\"value\":\"123.400001\",\"quality\":[\"measured\",\"late\"],\"message\":17}],"
                        + "\"next\":null}",
                page.toString());
    }

    @ParameterizedTest
    @CsvSource({
        "'meter=m1&from=2026-11-20T00:00:00Z&to=2026-11-21T00:00:00Z',49",
        "'zone=north&day=2026-11-20',98",
        "'zone=north&day=2026-11-20&quantity=1-0:1.7.0',2",
        "'zone=north&day=2026-11-21',0",
        "'zone=south&day=2026-11-20',0",
        "'zone=nowhere&day=2026-11-20',0",
    })
    void pagesTogetherAreTheWholeListWithoutGapOrDouble(String query, int expected) throws Exception {
        for (int limit : List.of(1, 7, 49, 10_000)) {
            List<String> keys = new ArrayList<>();
            String cursor = "";
            do {
                JsonNode page = gateway.get("/readings?" + query + "&limit=" + limit + cursor)
                        .json();
                assertTrue(page.path("items").size() <= limit);
                page.path("items")
                        .forEach(item ->
                                keys.add(item.path("meter").asText() + item.path("quantity") + item.path("start")));
                cursor = page.path("next").isNull()
                        ? ""
                        : "&cursor=" + page.path("next").asText();
            } while (!cursor.isEmpty());
            assertEquals(expected, keys.size());
            assertEquals(expected, keys.stream().distinct().count());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            value = {
                "#give meter, from and to, or zone and day",
                "meter=m1#the parameter from is missing",
                "meter=m1&from=2026&to=2027#the parameter from must be a time like",
                "meter=m1&from=2026-11-21T00:00:00Z&to=2026-11-20T00:00:00Z#from (2026-11-21T00:00:00Z) must be before to",
                "meter=m1&zone=north#the parameter zone is not possible with meter",
                "zone=north#the parameter day is missing",
                "zone=north&day=20.11.2026#the parameter day must be a day like 2026-11-20",
                "zone=north&day=2026-11-20&from=2026-11-20T00:00:00Z#the parameter from is not possible with zone",
                "zone=north&day=2026-11-20&quantity=power#the parameter quantity is not an OBIS code",
                "zone=north&day=2026-11-20&limit=10001#the parameter limit must be a whole number from 1 to 10000",
                "zone=north&day=2026-11-20&cursor=bTk#the parameter cursor",
            })
    void wrongParametersAreRefused(String query, String expected) throws Exception {
        Gateway.Reply reply = gateway.get("/readings?" + (query == null ? "" : query));
        assertEquals(400, reply.status());
        assertTrue(reply.detail().startsWith(expected), reply.detail());
    }

    @Test
    void anUnknownMeterIs404AndAMissingQuery503() throws Exception {
        String span = "&from=2026-11-20T00:00:00Z&to=2026-11-21T00:00:00Z";
        assertEquals(404, gateway.get("/readings?meter=m9" + span).status());
        gateway.services.readings = null;
        assertEquals(503, gateway.get("/readings?meter=m1" + span).status());
        assertEquals(503, gateway.get("/meters/m1/registers").status());
    }

    @Test
    void registersAreShownByQuantityWhenThereAreNoModels() throws Exception {
        readings.stored.clear();
        readings.stored.add(reading("m1", ENERGY, 0, Duration.ofMinutes(30), 1_000_000_000_000_000L));
        readings.stored.add(reading("m1", POWER, 0, Duration.ZERO, -1_500_000));
        assertEquals(
                "{\"items\":[{\"quantity\":\"1-0:1.7.0\",\"name\":\"1-0:1.7.0\",\"unit\":\"W\",\"value\":\"-1.5\","
                        + "\"time\":\"2026-11-20T00:00:00Z\",\"intervalSeconds\":0,\"quality\":[\"measured\",\"late\"]},"
                        + "{\"quantity\":\"1-0:1.8.0\",\"name\":\"1-0:1.8.0\",\"unit\":\"Wh\",\"value\":\"1000000000\","
                        + "\"time\":\"2026-11-20T00:00:00Z\",\"intervalSeconds\":1800,\"quality\":[\"measured\",\"late\"]}]}",
                gateway.get("/meters/m1/registers").json().toString());
    }
}
