// SPDX-License-Identifier: EPL-2.0
package org.meterway.store.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.meterway.api.codec.Frame;
import org.meterway.api.reading.Quality;
import org.meterway.api.reading.Quantity;
import org.meterway.api.reading.Reading;
import org.meterway.api.reading.Series;
import org.meterway.api.reading.Unit;
import org.meterway.api.store.Message;
import org.meterway.api.store.ProfileKey;
import org.meterway.api.store.ProfileRow;

/** Messages and profiles to try a store with. */
public final class Samples {
    /** Active energy import in Wh. */
    public static final Quantity IMPORT = Quantity.of("1-0:1.8.0", Unit.WATT_HOUR);
    /** Active energy export in Wh. */
    public static final Quantity EXPORT = Quantity.of("1-0:2.8.0", Unit.WATT_HOUR);
    /** 2026-11-01T00:00:00Z. */
    public static final Instant NOVEMBER = Instant.parse("2026-11-01T00:00:00Z");
    /** The day of {@link #NOVEMBER}, counted from 1970-01-01. */
    public static final long NOVEMBER_DAY = NOVEMBER.getEpochSecond() / 86_400;
    /** The grid of the half-hourly series. */
    public static final Duration HALF_HOUR = Duration.ofMinutes(30);

    private Samples() {}

    /** A message of some half-hourly readings whose bytes and values follow from the number. */
    public static Message message(String meter, int number, int readings) {
        Random random = new Random(number);
        byte[] bytes = new byte[20 + 15 * readings];
        random.nextBytes(bytes);
        List<Reading> list = new ArrayList<>();
        for (int i = 0; i < readings; i++) {
            Instant start = NOVEMBER.plus(HALF_HOUR.multipliedBy(number + (long) i));
            list.add(new Reading(IMPORT, start, HALF_HOUR, random.nextInt(2_000_000_000), Quality.MEASURED));
        }
        Frame frame =
                new Frame(meter, "lwm2m", "application/senml+cbor", "", NOVEMBER.plusMillis(number * 1_003L), bytes);
        return new Message(frame, "senml-cbor", "1.0.0", list);
    }

    /** Some messages as {@link #message} makes them. */
    public static List<Message> messages(int from, int count) {
        List<Message> messages = new ArrayList<>();
        for (int i = from; i < from + count; i++) {
            messages.add(message("meter-" + i % 7, i, i % 5));
        }
        return messages;
    }

    /** A half-hourly series of {@link #IMPORT}. */
    public static Series series(String meter) {
        return new Series(meter, IMPORT, HALF_HOUR);
    }

    /** A row whose bytes follow from series, day and version. */
    public static ProfileRow row(Series series, long day, int version) {
        byte[] packed = new byte[90];
        new Random(series.hashCode() * 31L + day * 7 + version).nextBytes(packed);
        return new ProfileRow(new ProfileKey(series, day), 1 + version, packed);
    }

    /** Fails unless both messages are the same in every field. */
    public static void assertSame(Message expected, Message actual) {
        assertSameRaw(expected, actual);
        assertEquals(expected.readings(), actual.readings());
        assertEquals(expected.invocation(), actual.invocation());
    }

    /** Fails unless both messages are the same in every field but their readings. */
    public static void assertSameRaw(Message expected, Message actual) {
        assertEquals(expected.frame().meter(), actual.frame().meter());
        assertEquals(expected.frame().channel(), actual.frame().channel());
        assertEquals(expected.frame().contentType(), actual.frame().contentType());
        assertEquals(expected.frame().target(), actual.frame().target());
        assertEquals(expected.frame().receivedAt(), actual.frame().receivedAt());
        assertArrayEquals(expected.frame().bytes(), actual.frame().bytes());
        assertEquals(expected.codec(), actual.codec());
        assertEquals(expected.codecVersion(), actual.codecVersion());
    }

    /** Fails unless both rows are the same. */
    public static void assertSame(ProfileRow expected, ProfileRow actual) {
        assertEquals(expected.key(), actual.key());
        assertEquals(expected.present(), actual.present());
        assertArrayEquals(expected.packed(), actual.packed());
    }

    /** Fails unless the lists have the same rows in the same order. */
    public static void assertSame(List<ProfileRow> expected, List<ProfileRow> actual) {
        assertEquals(
                expected.stream().map(ProfileRow::key).toList(),
                actual.stream().map(ProfileRow::key).toList());
        for (int i = 0; i < expected.size(); i++) {
            assertSame(expected.get(i), actual.get(i));
        }
    }
}
