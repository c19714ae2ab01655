// SPDX-License-Identifier: EPL-2.0
package org.meterway.line;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.meterway.api.store.StoreException;

class CountersTest {
    private final MemoryStore store = new MemoryStore();

    @Test
    void aCounterGrowsAndSkipsButNeverRepeatsAcrossACrash() {
        Set<Long> seen = new HashSet<>();
        long last = 0;
        for (int run = 0; run < 5; run++) {
            Counters counters = new Counters(store); // as after a crash: nothing was closed
            for (int i = 0; i < 130; i++) {
                long next = counters.next("m1 key");
                assertTrue(next > last, next + " after " + last);
                assertTrue(seen.add(next));
                last = next;
            }
        }
        assertEquals(10, store.writes);
    }

    @Test
    void countersOfDifferentNamesAreIndependent() {
        Counters counters = new Counters(store);
        assertEquals(1, counters.next("a"));
        assertEquals(2, counters.next("a"));
        assertEquals(1, counters.next("b"));
    }

    @Test
    void withoutTheStoreOrWithAnUnreadableCounterNoneIsGivenOut() {
        Counters counters = new Counters(store);
        store.failing = true;
        assertThrows(StoreException.class, () -> counters.next("a"));
        store.failing = false;
        assertEquals(1, counters.next("a"));
        store.documents.put("line-counter/b", new byte[] {'x'});
        assertThrows(StoreException.class, () -> counters.next("b"));
    }
}
