// SPDX-License-Identifier: EPL-2.0
package org.meterway.line;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.meterway.api.store.DocumentStore;
import org.meterway.api.store.StoreException;

/**
 * Counters that never repeat: a block of them is reserved in the store before the first of it is handed out, so a crash skips some
 * and repeats none. Thread-safe; blocks on the disk once a block.
 */
final class Counters {
    private static final String COLLECTION = "line-counter";
    private static final int BLOCK = 100;
    private static final int MAX_NAME = 255;

    private final DocumentStore store;
    private final Map<String, long[]> reserved = new HashMap<>();

    Counters(DocumentStore store) {
        this.store = store;
    }

    /** @throws StoreException if it cannot be made durable, or the stored counter cannot be read: guessing would repeat one */
    synchronized long next(String name) {
        if (name.isEmpty() || name.length() > MAX_NAME) {
            throw new IllegalArgumentException("the name of a counter must be 1–255 characters, was " + name.length());
        }
        long[] span = reserved.get(name);
        if (span == null) {
            long stored = store.get(COLLECTION, name)
                    .map(document -> number(name, document))
                    .orElse(0L);
            span = new long[] {stored, stored};
        }
        if (span[0] == span[1]) {
            long end = span[1] + BLOCK;
            byte[] document = Long.toString(end).getBytes(StandardCharsets.US_ASCII);
            store.write(List.of(DocumentStore.Change.put(COLLECTION, name, document)));
            span = new long[] {span[0], end};
        }
        reserved.put(name, span);
        return ++span[0];
    }

    private static long number(String name, byte[] document) {
        try {
            return Long.parseLong(new String(document, StandardCharsets.US_ASCII));
        } catch (NumberFormatException e) {
            throw new StoreException("the stored counter " + name + " is no number", e);
        }
    }
}
