// SPDX-License-Identifier: EPL-2.0
package org.meterway.store.derby;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.meterway.api.codec.Frame;
import org.meterway.api.store.Message;
import org.meterway.api.store.StoreException;
import org.meterway.api.store.StoredMessage;

/** The body of an archive row: many consecutive messages without their readings, compressed together. */
final class RawBatch {
    private static final int FORMAT = 1;
    private static final int LEVEL = 3;

    private RawBatch() {}

    static byte[] pack(List<StoredMessage> messages) {
        ByteSink plain = new ByteSink(messages.size() * 512);
        Map<String, Integer> texts = new HashMap<>();
        long second = 0;
        for (StoredMessage stored : messages) {
            Frame frame = stored.message().frame();
            text(plain, texts, frame.meter());
            plain.zigzag(frame.receivedAt().getEpochSecond() - second);
            plain.varint(frame.receivedAt().getNano());
            second = frame.receivedAt().getEpochSecond();
            text(plain, texts, frame.channel());
            text(plain, texts, frame.contentType());
            text(plain, texts, frame.target());
            text(plain, texts, stored.message().codec());
            text(plain, texts, stored.message().codecVersion());
            plain.varint(frame.bytes().length);
        }
        for (StoredMessage stored : messages) {
            byte[] raw = stored.message().frame().bytes();
            plain.raw(raw, 0, raw.length);
        }
        ByteSink packed = new ByteSink(plain.size() / 4 + 64);
        packed.octet(FORMAT);
        packed.varint(messages.size());
        packed.varint(plain.size());
        deflate(plain, packed);
        return packed.toByteArray();
    }

    /** @param first sequence number of the first message */
    static List<StoredMessage> unpack(byte[] body, long first) {
        ByteSource head = new ByteSource(body);
        if (head.octet() != FORMAT) {
            throw ByteSource.damaged();
        }
        int count = head.count();
        int length = head.count();
        ByteSource plain = new ByteSource(inflate(body, body.length - head.remaining(), length));
        List<String> texts = new ArrayList<>();
        List<Frame> heads = new ArrayList<>(count);
        List<String> codecs = new ArrayList<>(2 * count);
        int[] lengths = new int[count];
        long second = 0;
        for (int i = 0; i < count; i++) {
            String meter = text(plain, texts);
            second += plain.zigzag();
            Instant receivedAt = Instant.ofEpochSecond(second, plain.varint());
            heads.add(new Frame(
                    meter, text(plain, texts), text(plain, texts), text(plain, texts), receivedAt, new byte[0]));
            codecs.add(text(plain, texts));
            codecs.add(text(plain, texts));
            lengths[i] = plain.count();
        }
        List<StoredMessage> messages = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            Frame h = heads.get(i);
            Frame frame = new Frame(
                    h.meter(), h.channel(), h.contentType(), h.target(), h.receivedAt(), plain.raw(lengths[i]));
            messages.add(new StoredMessage(
                    first + i, new Message(frame, codecs.get(2 * i), codecs.get(2 * i + 1), List.of())));
        }
        return messages;
    }

    private static void text(ByteSink sink, Map<String, Integer> texts, String text) {
        Integer known = texts.putIfAbsent(text, texts.size());
        sink.varint(known == null ? texts.size() - 1L : known);
        if (known == null) {
            sink.text(text);
        }
    }

    private static String text(ByteSource source, List<String> texts) {
        int number = source.count();
        if (number == texts.size()) {
            texts.add(source.text());
        }
        return texts.get(number);
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
