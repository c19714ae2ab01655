// SPDX-License-Identifier: EPL-2.0
package org.meterway.intake;

import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.meterway.api.store.ReadingStore;
import org.meterway.api.store.StoreException;

/**
 * The store as it comes and goes, and how far memory is in step with it. A store that has just come, or has just failed, is used
 * in steps: the committer reads from it what is unsettled, as what a failed call or a former store service left there is the
 * truth; then the settler may settle ({@link #loaded}); when all of it is read, messages may be appended ({@link #ready}).
 */
final class StoreLink {
    /** Held by the settler while it settles and by the committer while it reads what is unsettled. */
    final ReentrantLock settling = new ReentrantLock();

    private volatile @Nullable ReadingStore present;
    private volatile @Nullable ReadingStore loaded;
    private volatile @Nullable ReadingStore ready;

    synchronized void bind(ReadingStore store) {
        present = store;
    }

    /** The service is gone; another one may have been bound before. */
    synchronized void unbind(ReadingStore store) {
        if (present == store) {
            present = null;
        }
    }

    Optional<ReadingStore> present() {
        return Optional.ofNullable(present);
    }

    /** The store, if it is there and what memory holds is its oldest unsettled messages, without a gap. */
    Optional<ReadingStore> loaded() {
        return ifPresent(loaded);
    }

    /** The store, if it is there and memory holds all its unsettled messages. */
    Optional<ReadingStore> ready() {
        return ifPresent(ready);
    }

    private Optional<ReadingStore> ifPresent(@Nullable ReadingStore store) {
        return store != null && store == present ? Optional.of(store) : Optional.empty();
    }

    void loaded(ReadingStore store) {
        loaded = store;
    }

    void ready(ReadingStore store) {
        ready = store;
    }

    /** The store has to be read anew. */
    void outOfStep() {
        ready = null;
        loaded = null;
    }

    /** The store for a query. */
    ReadingStore forQuery() {
        return present().orElseThrow(() -> new StoreException("the store is not there"));
    }
}
