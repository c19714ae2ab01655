// SPDX-License-Identifier: EPL-2.0
package org.meterway.line;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import org.meterway.api.store.DocumentStore;
import org.meterway.api.store.StoreException;

/** Documents in memory. */
final class MemoryStore implements DocumentStore {
    final Map<String, byte[]> documents = new ConcurrentHashMap<>();
    volatile boolean failing;
    volatile int writes;

    @Override
    public Optional<byte[]> get(String collection, String key) {
        return Optional.ofNullable(documents.get(collection + "/" + key));
    }

    @Override
    public void forEach(String collection, BiConsumer<String, byte[]> consumer) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void write(List<Change> changes) {
        if (failing) {
            throw new StoreException("disk full");
        }
        writes++;
        changes.forEach(change -> documents.put(
                change.collection() + "/" + change.key(), change.document().orElseThrow()));
    }
}
