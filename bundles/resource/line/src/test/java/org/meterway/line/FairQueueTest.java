// SPDX-License-Identifier: EPL-2.0
package org.meterway.line;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FairQueueTest {
    private static final class Named implements Order {
        private final String name;
        private boolean over;

        private Named(String name) {
            this.name = name;
        }

        @Override
        public String owner() {
            return name.substring(0, 1);
        }

        @Override
        public boolean over() {
            return over;
        }

        @Override
        public void run(Transport transport) {}

        @Override
        public void refuse(String reason) {}

        @Override
        public String toString() {
            return name;
        }
    }

    private final FairQueue queue = new FairQueue(6);

    private List<String> all() throws InterruptedException {
        List<String> names = new ArrayList<>();
        for (Optional<Order> next = queue.take(0); next.isPresent(); next = queue.take(0)) {
            names.add(next.get().toString());
        }
        return names;
    }

    @Test
    void ownersTakeTurnsAndEachKeepsItsOrder() throws InterruptedException {
        for (String name : List.of("a1", "a2", "a3", "b1", "c1", "b2")) {
            assertTrue(queue.offer(new Named(name)));
        }
        assertFalse(queue.offer(new Named("d1")));
        assertEquals(List.of("a1", "b1", "c1", "a2", "b2", "a3"), all());
    }

    @Test
    void whatNobodyWaitsForAnyMoreMakesRoom() throws InterruptedException {
        List<Named> orders = new ArrayList<>();
        for (String name : List.of("a1", "a2", "b1", "b2", "c1", "c2")) {
            orders.add(new Named(name));
            queue.offer(orders.get(orders.size() - 1));
        }
        orders.get(0).over = true;
        orders.get(3).over = true;
        assertTrue(queue.offer(new Named("d1")));
        assertEquals(5, queue.size());
        assertEquals(List.of("a2", "b1", "c1", "d1", "c2"), all());
    }

    @Test
    void aClosedQueueGivesBackWhatWaitedAndTakesNoMore() throws InterruptedException {
        queue.offer(new Named("a1"));
        queue.offer(new Named("b1"));
        assertEquals("[a1, b1]", queue.close().toString());
        assertFalse(queue.offer(new Named("c1")));
        assertEquals(List.of(), all());
    }
}
