// SPDX-License-Identifier: EPL-2.0
package org.meterway.intake;

import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.meterway.api.codec.Frame;

/**
 * Durable messages that no codec could decode, as many as memory is given for: when a codec comes, as after the update of its
 * bundle, they are decoded without being read from the store. Thread-safe.
 */
final class Parked {
    private static final int MAX_MESSAGES = 50_000;
    private static final long MAX_BYTES = 16L << 20;

    private record Attempt(Frame frame, int codecs) {}

    private final Map<Long, Attempt> bySequence = new LinkedHashMap<>();
    private long bytes;
    private long undecoded;

    synchronized void add(long sequence, Frame frame) {
        if (bySequence.putIfAbsent(sequence, new Attempt(frame, -1)) != null) {
            return;
        }
        undecoded++;
        bytes += frame.bytes().length;
        Iterator<Attempt> oldest = bySequence.values().iterator();
        while (bySequence.size() > MAX_MESSAGES || bytes > MAX_BYTES) {
            bytes -= oldest.next().frame().bytes().length;
            oldest.remove();
        }
    }

    /**
     * The messages worth trying, oldest first.
     *
     * @param codecs state of the codecs, as in {@link Codecs#changes}: nothing is tried twice with the same
     * @param decodable whether there is a codec for a content type
     */
    synchronized Map<Long, Frame> worthTrying(int codecs, Predicate<String> decodable, int atMost) {
        Map<Long, Frame> found = new LinkedHashMap<>();
        for (Map.Entry<Long, Attempt> entry : bySequence.entrySet()) {
            Attempt attempt = entry.getValue();
            if (found.size() < atMost
                    && attempt.codecs() != codecs
                    && decodable.test(attempt.frame().contentType())) {
                found.put(entry.getKey(), attempt.frame());
            }
        }
        return found;
    }

    /** These could not be decoded with the codecs there are. */
    synchronized void failed(Collection<Long> sequences, int codecs) {
        for (Long sequence : sequences) {
            bySequence.computeIfPresent(sequence, (number, attempt) -> new Attempt(attempt.frame(), codecs));
        }
    }

    /** These are decoded, or will never be. */
    synchronized void remove(Collection<Long> sequences) {
        for (Long sequence : sequences) {
            Attempt attempt = bySequence.remove(sequence);
            if (attempt != null) {
                bytes -= attempt.frame().bytes().length;
                undecoded--;
            }
        }
    }

    /** Messages accepted or found in the store since the start that are still undecoded. */
    synchronized long undecoded() {
        return undecoded;
    }
}
