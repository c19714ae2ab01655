// SPDX-License-Identifier: EPL-2.0
package org.meterway.store.derby;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.meterway.api.codec.Frame;
import org.meterway.api.codec.Invocation;
import org.meterway.api.reading.Obis;
import org.meterway.api.reading.Quantity;
import org.meterway.api.reading.Reading;
import org.meterway.api.reading.Unit;
import org.meterway.api.store.DaySpan;
import org.meterway.api.store.Message;
import org.meterway.api.store.StoredMessage;

/**
 * The body of an intake row: some consecutive messages with their readings. Texts and quantities are written in full the first
 * time and by number afterwards. A reading costs a byte that says what it has in common with the one before it, and the
 * difference of the counts.
 */
final class MessageRows {
    /** Without invocation counters and spans of days; still read. */
    private static final int FIRST_FORMAT = 1;

    private static final int FORMAT = 2;
    private static final long DAY_SECONDS = 86_400;
    private static final int SAME_QUANTITY = 1;
    private static final int SAME_INTERVAL = 2;
    private static final int SAME_STEP = 4;
    private static final int SAME_QUALITY = 8;
    private static final int NANOS = 16;

    private MessageRows() {}

    /** Whether readings are wanted when a row is read. */
    enum Detail {
        WITH_READINGS,
        WITHOUT_READINGS
    }

    /** Writes messages until the row is full. */
    static final class Writer {
        private final ByteSink sink = new ByteSink(4096);
        private final Map<String, Integer> texts = new HashMap<>();
        private final Map<Quantity, Integer> quantities = new HashMap<>();
        private long lastSecond;

        Writer() {
            sink.octet(FORMAT);
        }

        int size() {
            return sink.size();
        }

        byte[] toByteArray() {
            return sink.toByteArray();
        }

        void add(Message message) {
            Frame frame = message.frame();
            text(frame.meter());
            sink.zigzag(frame.receivedAt().getEpochSecond() - lastSecond);
            sink.varint(frame.receivedAt().getNano());
            lastSecond = frame.receivedAt().getEpochSecond();
            text(frame.channel());
            text(frame.contentType());
            text(frame.target());
            text(message.codec());
            text(message.codecVersion());
            sink.block(frame.bytes());
            invocation(message.invocation());
            readings(message.readings());
            days(message.readings(), frame.receivedAt());
        }

        private void invocation(Optional<Invocation> invocation) {
            sink.varint(invocation.isPresent() ? 1 : 0);
            if (invocation.isPresent()) {
                sink.text(invocation.get().originator());
                sink.varint(invocation.get().counter());
                sink.zigzag(invocation.get().offset());
            }
        }

        private void days(List<Reading> readings, Instant receivedAt) {
            if (!readings.isEmpty()) {
                DaySpan days = DaySpan.of(readings);
                sink.zigzag(days.first() - Math.floorDiv(receivedAt.getEpochSecond(), DAY_SECONDS));
                sink.varint(days.last() - days.first());
            }
        }

        private void text(String text) {
            Integer known = texts.putIfAbsent(text, texts.size());
            if (known == null) {
                sink.varint(texts.size() - 1L);
                sink.text(text);
            } else {
                sink.varint(known);
            }
        }

        private void readings(List<Reading> readings) {
            ByteSink packed = new ByteSink(16 + 6 * readings.size());
            State last = new State();
            for (Reading reading : readings) {
                reading(packed, last, reading);
            }
            sink.varint(readings.size());
            // the length lets a reader that wants only raw bytes step over them
            sink.varint(packed.size());
            sink.raw(packed.buffer(), 0, packed.size());
        }

        private void reading(ByteSink packed, State last, Reading reading) {
            long second = reading.start().getEpochSecond();
            int nano = reading.start().getNano();
            long step = second - last.second;
            long seconds = reading.interval().getSeconds();
            int flags = (reading.quantity().equals(last.quantity) ? SAME_QUANTITY : 0)
                    | (seconds == last.interval ? SAME_INTERVAL : 0)
                    | (step == last.step ? SAME_STEP : 0)
                    | (reading.quality() == last.quality ? SAME_QUALITY : 0)
                    | (nano != 0 ? NANOS : 0);
            packed.octet(flags);
            if ((flags & SAME_QUANTITY) == 0) {
                quantity(packed, reading.quantity());
            }
            if ((flags & SAME_INTERVAL) == 0) {
                packed.varint(seconds);
            }
            if ((flags & SAME_STEP) == 0) {
                packed.zigzag(step);
            }
            if ((flags & SAME_QUALITY) == 0) {
                packed.varint(reading.quality());
            }
            if (nano != 0) {
                packed.varint(nano);
            }
            packed.zigzag(reading.count() - last.count);
            last.quantity = reading.quantity();
            last.interval = seconds;
            last.step = step;
            last.second = second;
            last.quality = reading.quality();
            last.count = reading.count();
        }

        private void quantity(ByteSink packed, Quantity quantity) {
            Integer known = quantities.putIfAbsent(quantity, quantities.size());
            packed.varint(known == null ? quantities.size() - 1L : known);
            if (known == null) {
                packed.varint(quantity.obis().toLong());
                packed.text(quantity.unit().name());
                packed.zigzag(quantity.scale());
            }
        }
    }

    /**
     * Reads the messages of a row.
     *
     * @param first sequence number of the first
     */
    static List<StoredMessage> read(byte[] body, long first, int count, Detail detail) {
        ByteSource source = new ByteSource(body);
        int format = source.octet();
        if (format != FORMAT && format != FIRST_FORMAT) {
            throw ByteSource.damaged();
        }
        List<String> texts = new ArrayList<>();
        List<Quantity> quantities = new ArrayList<>();
        List<StoredMessage> messages = new ArrayList<>(count);
        long second = 0;
        for (int i = 0; i < count; i++) {
            String meter = text(source, texts);
            second += source.zigzag();
            Instant receivedAt = Instant.ofEpochSecond(second, source.varint());
            String channel = text(source, texts);
            String contentType = text(source, texts);
            String target = text(source, texts);
            String codec = text(source, texts);
            String version = text(source, texts);
            Frame frame = new Frame(meter, channel, contentType, target, receivedAt, source.block());
            Optional<Invocation> invocation = format == FORMAT ? invocation(source) : Optional.empty();
            int readings = source.count();
            byte[] packed = source.block();
            List<Reading> decoded =
                    detail == Detail.WITH_READINGS ? readings(new ByteSource(packed), readings, quantities) : List.of();
            DaySpan days = format == FORMAT ? days(source, readings, receivedAt) : DaySpan.UNKNOWN;
            messages.add(new StoredMessage(first + i, new Message(frame, codec, version, decoded, invocation), days));
        }
        return messages;
    }

    private static Optional<Invocation> invocation(ByteSource source) {
        return source.varint() == 0
                ? Optional.empty()
                : Optional.of(new Invocation(source.text(), source.varint(), (int) source.zigzag()));
    }

    private static DaySpan days(ByteSource source, int readings, Instant receivedAt) {
        if (readings == 0) {
            return DaySpan.NONE;
        }
        long first = Math.floorDiv(receivedAt.getEpochSecond(), DAY_SECONDS) + source.zigzag();
        return new DaySpan(first, first + source.varint());
    }

    private static List<Reading> readings(ByteSource source, int count, List<Quantity> quantities) {
        List<Reading> readings = new ArrayList<>(count);
        State last = new State();
        Duration interval = Duration.ZERO;
        for (int i = 0; i < count; i++) {
            int flags = source.octet();
            if ((flags & SAME_QUANTITY) == 0) {
                last.quantity = quantity(source, quantities);
            }
            if ((flags & SAME_INTERVAL) == 0) {
                interval = Duration.ofSeconds(source.varint());
            }
            if ((flags & SAME_STEP) == 0) {
                last.step = source.zigzag();
            }
            if ((flags & SAME_QUALITY) == 0) {
                last.quality = (int) source.varint();
            }
            last.second += last.step;
            Instant start = Instant.ofEpochSecond(last.second, (flags & NANOS) == 0 ? 0 : source.varint());
            last.count += source.zigzag();
            readings.add(new Reading(last.quantity, start, interval, last.count, last.quality));
        }
        return readings;
    }

    private static Quantity quantity(ByteSource source, List<Quantity> quantities) {
        int number = source.count();
        if (number == quantities.size()) {
            Obis obis = Obis.fromLong(source.varint());
            Unit unit = Unit.valueOf(source.text());
            quantities.add(new Quantity(obis, unit, (int) source.zigzag()));
        }
        return quantities.get(number);
    }

    private static String text(ByteSource source, List<String> texts) {
        int number = source.count();
        if (number == texts.size()) {
            texts.add(source.text());
        }
        return texts.get(number);
    }

    /** What the reading before had; every message starts afresh. */
    private static final class State {
        private @Nullable Quantity quantity;
        private long interval;
        private long step;
        private long second;
        private int quality;
        private long count;
    }
}
