// SPDX-License-Identifier: EPL-2.0
package org.meterway.inventory;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.meterway.api.store.DocumentStore;
import org.meterway.api.store.StoreException;

/** A store in memory that can be told to fail, and counts its writes. */
final class MemoryDocuments implements DocumentStore {
    final Map<String, TreeMap<String, byte[]>> collections = new TreeMap<>();
    boolean failing;
    int writes;

    @Override
    public synchronized Optional<byte[]> get(String collection, String key) {
        return Optional.ofNullable(of(collection).get(key));
    }

    @Override
    public synchronized void forEach(String collection, BiConsumer<String, byte[]> consumer) {
        of(collection).forEach(consumer);
    }

    @Override
    public synchronized void write(List<Change> changes) {
        if (failing) {
            throw new StoreException("disk full");
        }
        writes++;
        for (Change change : changes) {
            if (change.document().isPresent()) {
                of(change.collection()).put(change.key(), change.document().get());
            } else {
                of(change.collection()).remove(change.key());
            }
        }
    }

    TreeMap<String, byte[]> of(String collection) {
        return collections.computeIfAbsent(collection, name -> new TreeMap<>());
    }
}
