// SPDX-License-Identifier: EPL-2.0
package org.meterway.scheduling.dispatch;

import java.util.Arrays;
import java.util.Comparator;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A binary heap whose items know their place, so that one in the middle can be moved or taken out in O(log n). Not thread-safe. */
final class IndexedHeap<T extends IndexedHeap.Item> {
    private final Comparator<? super T> order;
    private Item[] items = new Item[16];
    private int size;

    /** Knows its place. In at most one heap at a time. */
    abstract static class Item {
        private int place = -1;

        final boolean inHeap() {
            return place >= 0;
        }
    }

    IndexedHeap(Comparator<? super T> order) {
        this.order = order;
    }

    int size() {
        return size;
    }

    @SuppressWarnings("unchecked")
    @Nullable
    T peek() {
        return size == 0 ? null : (T) items[0];
    }

    void add(T item) {
        if (size == items.length) {
            items = Arrays.copyOf(items, size * 2);
        }
        up(size++, item);
    }

    @Nullable
    T poll() {
        T first = peek();
        if (first != null) {
            remove(first);
        }
        return first;
    }

    void remove(T item) {
        int place = ((Item) item).place;
        ((Item) item).place = -1;
        Item last = items[--size];
        items[size] = null;
        if (last != item) {
            move(place, last);
        }
    }

    /** The item's rank has changed. */
    void changed(T item) {
        move(((Item) item).place, item);
    }

    @SuppressWarnings("unchecked")
    void forEach(Consumer<T> consumer) {
        for (int i = 0; i < size; i++) {
            consumer.accept((T) items[i]);
        }
    }

    private void move(int place, Item item) {
        if (place > 0 && before(item, items[(place - 1) >>> 1])) {
            up(place, item);
        } else {
            down(place, item);
        }
    }

    private void up(int from, Item item) {
        int place = from;
        while (place > 0) {
            int parent = (place - 1) >>> 1;
            if (!before(item, items[parent])) {
                break;
            }
            set(place, items[parent]);
            place = parent;
        }
        set(place, item);
    }

    private void down(int from, Item item) {
        int place = from;
        while (true) {
            int child = 2 * place + 1;
            if (child >= size) {
                break;
            }
            if (child + 1 < size && before(items[child + 1], items[child])) {
                child++;
            }
            if (!before(items[child], item)) {
                break;
            }
            set(place, items[child]);
            place = child;
        }
        set(place, item);
    }

    private void set(int place, Item item) {
        items[place] = item;
        item.place = place;
    }

    @SuppressWarnings("unchecked")
    private boolean before(Item one, Item other) {
        return order.compare((T) one, (T) other) < 0;
    }
}
