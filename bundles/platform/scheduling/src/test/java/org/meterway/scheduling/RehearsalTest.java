// SPDX-License-Identifier: EPL-2.0
package org.meterway.scheduling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.meterway.api.channel.Connection;
import org.meterway.api.order.Forecast;
import org.meterway.api.order.OrderState;
import org.meterway.api.plan.Plan;
import org.meterway.api.plan.Retry;
import org.meterway.api.plan.Selector;
import org.meterway.api.plan.Trigger;

class RehearsalTest {
    private static Plan.Builder hourly() {
        return Plan.builder("hourly").trigger(new Trigger.Every(Duration.ofHours(1), Duration.ZERO));
    }

    @Test
    void aRehearsalSaysWhoWillMissAndWhyAndSendsNothing() throws Exception {
        try (House house = new House()) {
            for (int i = 0; i < 100; i++) {
                house.meter("m" + i, "a");
            }
            house.states.put("m7", Connection.State.UNREGISTERED);
            house.states.put("m8", Connection.State.ASLEEP);
            house.scheduler.put(hourly().build());
            Forecast forecast = house.scheduler.rehearse("hourly");
            assertEquals(Instant.parse("2026-11-22T11:00:00Z"), forecast.due());
            assertEquals(98, forecast.orders().get(OrderState.DONE));
            assertEquals(2, forecast.orders().get(OrderState.EXPIRED));
            assertEquals(
                    List.of("m7", "m8"),
                    forecast.misses().stream().map(Forecast.Miss::meter).toList());
            assertTrue(forecast.misses().get(0).reason().contains("not registered"));
            assertTrue(forecast.misses().get(1).reason().contains("wake"));
            assertTrue(forecast.half().orElseThrow().isBefore(forecast.finish().orElseThrow()));
            assertEquals(List.of(), house.sent);
            assertEquals(List.of(forecast), house.scheduler.forecasts("hourly"));
        }
    }

    @Test
    void aWindowShorterThanTheWorkIsSaidSo() throws Exception {
        try (House house = new House()) {
            for (int i = 0; i < 2_000; i++) {
                house.meter("m" + i, "a");
            }
            house.scheduler.put(hourly().window(Duration.ofSeconds(5))
                    .deadline(Duration.ofSeconds(5))
                    .retry(new Retry(3, Duration.ofSeconds(5), Duration.ofSeconds(1)))
                    .build());
            Forecast forecast = house.scheduler.rehearse("hourly");
            assertTrue(forecast.text().contains("the window of 5 s is shorter than the work"), forecast.text());
            assertTrue(forecast.orders().get(OrderState.EXPIRED) > 500);
        }
    }

    @Test
    void anotherPlanThatIsDueMeanwhileTakesItsShare() throws Exception {
        try (House house = new House()) {
            for (int i = 0; i < 1_000; i++) {
                house.meter("m" + i, "a");
            }
            house.scheduler.put(hourly().build());
            Instant alone = house.scheduler.rehearse("hourly").finish().orElseThrow();
            house.scheduler.put(hourly().priority(9).build());
            house.scheduler.put(Plan.builder("other")
                    .trigger(new Trigger.Every(Duration.ofHours(1), Duration.ZERO))
                    .selector(Selector.all())
                    .priority(9)
                    .deadline(Duration.ofMinutes(1))
                    .build());
            Instant together = house.scheduler.rehearse("hourly").finish().orElseThrow();
            assertTrue(together.isAfter(alone.plusSeconds(5)), alone + " and " + together);
        }
    }

    @Test
    void whatIsNotThereCannotBeRehearsed() {
        try (House house = new House()) {
            assertThrows(IllegalArgumentException.class, () -> house.scheduler.rehearse("nothing"));
        }
    }
}
