// SPDX-License-Identifier: EPL-2.0
package org.meterway.api.store;

import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Small documents by collection and key, for bundles that keep modest state: the inventory, later plans and orders. Thread-safe;
 * blocks on the disk; throws {@link StoreException} when the store fails.
 */
@ProviderType
public interface DocumentStore {
    /** The document, if there is one. */
    Optional<byte[]> get(String collection, String key);

    /** Hands over all documents of a collection in the order of their keys. */
    void forEach(String collection, BiConsumer<String, byte[]> consumer);

    /** Makes all changes or none, durable on return. */
    void write(List<Change> changes);

    /**
     * One document written or removed.
     *
     * @param collection 1–64 characters
     * @param key 1–255 characters, unique in the collection
     * @param document at most 1 MiB; empty to remove the document
     */
    record Change(String collection, String key, Optional<byte[]> document) {
        public static Change put(String collection, String key, byte[] document) {
            return new Change(collection, key, Optional.of(document));
        }

        public static Change remove(String collection, String key) {
            return new Change(collection, key, Optional.empty());
        }
    }
}
