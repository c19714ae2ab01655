// SPDX-License-Identifier: EPL-2.0
package org.meterway.store.derby;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import org.meterway.api.store.DocumentStore;
import org.meterway.api.store.ReadingStore;
import org.meterway.store.contract.StoreUnderTest;

/** Opens stores for tests: small ones, so that tables change places often. */
final class Stores {
    private static final long MEGABYTE = 1024 * 1024;
    static final Settings SMALL = new Settings(8 * MEGABYTE, 100_000, Duration.ofDays(400), 0);

    private Stores() {}

    static DerbyStore open(Path folder) {
        return new DerbyStore(folder, SMALL, Clock.systemUTC());
    }

    static StoreUnderTest underTest(Path folder) {
        DerbyStore store = open(folder);
        return new StoreUnderTest() {
            @Override
            public ReadingStore readings() {
                return store;
            }

            @Override
            public DocumentStore documents() {
                return store;
            }

            @Override
            public void close() {
                store.close();
            }
        };
    }
}
