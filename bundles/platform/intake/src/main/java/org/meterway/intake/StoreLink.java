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

    private volatile @Nullable Arrival present;
    private volatile @Nullable Arrival loaded;
    private volatile @Nullable Arrival ready;

    /** A store that has come: the same one is another arrival when it comes again. */
    static final class Arrival {
        final ReadingStore store;

        private Arrival(ReadingStore store) {
            this.store = store;
        }
    }

    synchronized void bind(ReadingStore store) {
        present = new Arrival(store);
    }

    /** The service is gone; another one may have been bound before. */
    synchronized void unbind(ReadingStore store) {
        Arrival now = present;
        if (now != null && now.store == store) {
            present = null;
        }
    }

    Optional<Arrival> present() {
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

    private Optional<ReadingStore> ifPresent(@Nullable Arrival arrival) {
        return arrival != null && arrival == present ? Optional.of(arrival.store) : Optional.empty();
    }

    void loaded(Arrival arrival) {
        loaded = arrival;
    }

    void ready(Arrival arrival) {
        ready = arrival;
    }

    /** The store has to be read anew. */
    void outOfStep() {
        ready = null;
        loaded = null;
    }

    /** The store for a query. */
    ReadingStore forQuery() {
        return present().orElseThrow(() -> new StoreException("the store is not there")).store;
    }
}
