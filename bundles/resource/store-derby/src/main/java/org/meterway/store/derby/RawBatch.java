// SPDX-License-Identifier: EPL-2.0
package org.meterway.store.derby;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.meterway.api.codec.Frame;
import org.meterway.api.store.DaySpan;
import org.meterway.api.store.Message;
import org.meterway.api.store.StoreException;
import org.meterway.api.store.StoredMessage;

/**
 * The body of an archive row: many consecutive messages without their readings. What is alike lies together in streams (texts,
 * times, lengths, and CBOR by {@link CborColumns}), and all streams are deflated.
 */
final class RawBatch {
    /** Without spans of days; still read. */
    private static final int FIRST_FORMAT = 1;

    private static final int FORMAT = 2;
    private static final long DAY_SECONDS = 86_400;
    private static final int LEVEL = 1;

    private static final int TEXTS = 0;
    private static final int REFERENCES = 1;
    private static final int SECONDS = 2;
    private static final int NANOS = 3;
    private static final int LENGTHS = 4;
    private static final int PLAIN = 5;
    private static final int CBOR = 6;
    private static final int DAYS = CBOR + CborColumns.STREAMS;
    private static final int STREAMS = DAYS + 1;

    private RawBatch() {}

    static byte[] pack(List<StoredMessage> messages) {
        ByteSink[] streams = new ByteSink[STREAMS];
        for (int i = 0; i < STREAMS; i++) {
            streams[i] = new ByteSink(64);
        }
        ByteSink[] cbor = Arrays.copyOfRange(streams, CBOR, DAYS);
        CborColumns columns = new CborColumns();
        Map<String, Integer> texts = new HashMap<>();
        long second = 0;
        for (StoredMessage stored : messages) {
            Frame frame = stored.message().frame();
            for (String text : texts(stored.message())) {
                text(streams, texts, text);
            }
            streams[SECONDS].zigzag(frame.receivedAt().getEpochSecond() - second);
            streams[NANOS].varint(frame.receivedAt().getNano());
            second = frame.receivedAt().getEpochSecond();
            boolean split = frame.contentType().endsWith("cbor") && columns.split(frame.bytes(), cbor);
            streams[LENGTHS].varint((long) frame.bytes().length << 1 | (split ? 1 : 0));
            if (!split) {
                streams[PLAIN].raw(frame.bytes(), 0, frame.bytes().length);
            }
            days(streams[DAYS], stored.days(), frame.receivedAt());
        }
        ByteSink plain = new ByteSink(messages.size() * 256);
        ByteSink packed = new ByteSink(messages.size() * 128 + 64);
        packed.octet(FORMAT);
        packed.varint(messages.size());
        for (ByteSink stream : streams) {
            packed.varint(stream.size());
            plain.raw(stream.buffer(), 0, stream.size());
        }
        deflate(plain, packed);
        return packed.toByteArray();
    }

    /**
     * The messages of a batch, without their readings.
     *
     * @param first number of the first of them
     */
    static List<StoredMessage> unpack(byte[] body, long first) {
        ByteSource head = new ByteSource(body);
        int format = head.octet();
        if (format != FORMAT && format != FIRST_FORMAT) {
            throw ByteSource.damaged();
        }
        int count = head.count();
        int[] sizes = new int[format == FORMAT ? STREAMS : DAYS];
        int total = 0;
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = head.count();
            total += sizes[i];
        }
        byte[] plain = inflate(body, body.length - head.remaining(), total);
        ByteSource[] streams = new ByteSource[sizes.length];
        int offset = 0;
        for (int i = 0; i < sizes.length; i++) {
            streams[i] = new ByteSource(plain, offset, sizes[i]);
            offset += sizes[i];
        }
        return messages(streams, first, count);
    }

    private static List<StoredMessage> messages(ByteSource[] streams, long first, int count) {
        ByteSource[] cbor = Arrays.copyOfRange(streams, CBOR, DAYS);
        CborColumns columns = new CborColumns();
        List<String> texts = new ArrayList<>();
        List<StoredMessage> messages = new ArrayList<>();
        long second = 0;
        for (int i = 0; i < count; i++) {
            String meter = text(streams, texts);
            String channel = text(streams, texts);
            String contentType = text(streams, texts);
            String target = text(streams, texts);
            String codec = text(streams, texts);
            String version = text(streams, texts);
            second += streams[SECONDS].zigzag();
            Instant receivedAt = Instant.ofEpochSecond(second, streams[NANOS].varint());
            int length = streams[LENGTHS].count();
            byte[] raw = (length & 1) == 1 ? columns.join(length >> 1, cbor) : streams[PLAIN].raw(length >> 1);
            DaySpan days = streams.length > DAYS ? days(streams[DAYS], receivedAt) : DaySpan.UNKNOWN;
            Frame frame = new Frame(meter, channel, contentType, target, receivedAt, raw);
            messages.add(new StoredMessage(first + i, new Message(frame, codec, version, List.of()), days));
        }
        return messages;
    }

    /** 0 for none, 1 for unknown, else 2 more than the number of days after the first; then where the first lies. */
    private static void days(ByteSink sink, DaySpan days, Instant receivedAt) {
        if (days.isEmpty()) {
            sink.varint(0);
        } else if (days.equals(DaySpan.UNKNOWN)) {
            sink.varint(1);
        } else {
            sink.varint(days.last() - days.first() + 2);
            sink.zigzag(days.first() - Math.floorDiv(receivedAt.getEpochSecond(), DAY_SECONDS));
        }
    }

    private static DaySpan days(ByteSource source, Instant receivedAt) {
        long form = source.varint();
        if (form == 0) {
            return DaySpan.NONE;
        }
        if (form == 1) {
            return DaySpan.UNKNOWN;
        }
        long first = Math.floorDiv(receivedAt.getEpochSecond(), DAY_SECONDS) + source.zigzag();
        return new DaySpan(first, first + form - 2);
    }

    private static List<String> texts(Message message) {
        Frame frame = message.frame();
        return List.of(
                frame.meter(),
                frame.channel(),
                frame.contentType(),
                frame.target(),
                message.codec(),
                message.codecVersion());
    }

    private static void text(ByteSink[] streams, Map<String, Integer> texts, String text) {
        Integer known = texts.putIfAbsent(text, texts.size());
        // 0 for a text that was not there yet, else its number from 1
        streams[REFERENCES].varint(known == null ? 0 : known + 1L);
        if (known == null) {
            streams[TEXTS].text(text);
        }
    }

    private static String text(ByteSource[] streams, List<String> texts) {
        int reference = streams[REFERENCES].count();
        if (reference > texts.size()) {
            throw ByteSource.damaged();
        }
        if (reference == 0) {
            texts.add(streams[TEXTS].text());
            return texts.get(texts.size() - 1);
        }
        return texts.get(reference - 1);
    }

    private static void deflate(ByteSink plain, ByteSink packed) {
        Deflater deflater = new Deflater(LEVEL, true);
        try {
            deflater.setInput(plain.buffer(), 0, plain.size());
            deflater.finish();
            byte[] piece = new byte[16_384];
            while (!deflater.finished()) {
                packed.raw(piece, 0, deflater.deflate(piece));
            }
        } finally {
            deflater.end();
        }
    }

    private static byte[] inflate(byte[] body, int offset, int length) {
        Inflater inflater = new Inflater(true);
        try {
            inflater.setInput(body, offset, body.length - offset);
            byte[] plain = new byte[length];
            int done = 0;
            while (done < length) {
                int more = inflater.inflate(plain, done, length - done);
                if (more == 0) {
                    throw ByteSource.damaged();
                }
                done += more;
            }
            return plain;
        } catch (DataFormatException e) {
            throw new StoreException("an archived batch of messages is damaged: " + e.getMessage(), e);
        } finally {
            inflater.end();
        }
    }
}
