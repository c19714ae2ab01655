// SPDX-License-Identifier: EPL-2.0
package org.meterway.scheduling;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.meterway.api.store.DocumentStore;
import org.meterway.api.store.StoreException;

/** Documents in memory; survives the scheduler that uses it, and can fail. */
final class MemoryDocuments implements DocumentStore {
    private final Map<String, byte[]> documents = new TreeMap<>();
    volatile boolean failing;

    @Override
    public synchronized Optional<byte[]> get(String collection, String key) {
        return Optional.ofNullable(documents.get(collection + "/" + key));
    }

    @Override
    public void forEach(String collection, BiConsumer<String, byte[]> consumer) {
        Map<String, byte[]> copy;
        synchronized (this) {
            copy = new TreeMap<>(documents);
        }
        copy.forEach((key, document) -> {
            if (key.startsWith(collection + "/")) {
                consumer.accept(key.substring(collection.length() + 1), document);
            }
        });
    }

    @Override
    public synchronized void write(List<Change> changes) {
        if (failing) {
            throw new StoreException("disk full");
        }
        changes.forEach(change -> {
            String key = change.collection() + "/" + change.key();
            change.document().ifPresentOrElse(document -> documents.put(key, document), () -> documents.remove(key));
        });
    }

    /** What a crash leaves. */
    synchronized MemoryDocuments copy() {
        MemoryDocuments copy = new MemoryDocuments();
        copy.documents.putAll(documents);
        return copy;
    }
}
