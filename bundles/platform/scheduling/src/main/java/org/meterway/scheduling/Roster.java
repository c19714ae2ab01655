// SPDX-License-Identifier: EPL-2.0
package org.meterway.scheduling;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.meterway.api.meter.Inventory;
import org.meterway.api.meter.Meter;
import org.meterway.api.meter.MeterState;
import org.meterway.api.plan.Selector;
import org.meterway.scheduling.dispatch.Fleet;
import org.meterway.scheduling.dispatch.Members;

/** The inventory's meters as the dispatcher's fleet, and which of them a plan selects. Used by the dispatcher's thread only. */
final class Roster {
    private static final int MOST_KEPT = 200;

    private final Supplier<@Nullable Inventory> inventory;
    private final Fleet fleet;
    private final long refreshMillis;
    private final Map<Selector, Members> members = new HashMap<>();
    private @Nullable Meter[] meters = new Meter[0];
    private long readAt = Long.MIN_VALUE;

    Roster(Supplier<@Nullable Inventory> inventory, Fleet fleet, long refreshMillis) {
        this.inventory = inventory;
        this.fleet = fleet;
        this.refreshMillis = refreshMillis;
    }

    Fleet fleet() {
        return fleet;
    }

    /** The meter at an index; null if it is not in the inventory any more. */
    @Nullable
    Meter meter(int index) {
        return index < meters.length ? meters[index] : null;
    }

    /** The meters a plan is for, by an inventory not older than the configuration allows. */
    Members select(Selector selector, long now) {
        refresh(now);
        if (members.size() > MOST_KEPT) {
            members.clear();
        }
        return members.computeIfAbsent(
                selector,
                each -> Members.of(fleet, index -> {
                    Meter meter = meters[index];
                    return meter != null && each.selects(meter);
                }));
    }

    /** The index of a meter, or −1 if the inventory does not have it. */
    int find(String id, long now) {
        int index = fleet.indexOf(id);
        if (index >= 0 && index < meters.length && meters[index] != null) {
            return index;
        }
        Inventory known = inventory.get();
        if (known == null) {
            return -1;
        }
        return known.find(id)
                .map(meter -> {
                    members.clear();
                    return take(meter);
                })
                .orElse(-1);
    }

    /** Reads the inventory again if what was read is old. */
    void refresh(long now) {
        Inventory known = inventory.get();
        if (known == null || readAt != Long.MIN_VALUE && Math.abs(now - readAt) < refreshMillis) {
            return;
        }
        readAt = now;
        boolean[] changed = new boolean[1];
        int[] seen = new int[1];
        long[] there = new long[(Math.max(fleet.size(), known.size()) >>> 6) + 1024];
        known.meters().forEach(meter -> {
            int index = fleet.indexOf(meter.id());
            if (index < 0 || index >= meters.length || meters[index] != meter) {
                changed[0] = true;
                index = take(meter);
            }
            seen[0]++;
            if (index >>> 6 < there.length) {
                there[index >>> 6] |= 1L << index;
            }
        });
        if (seen[0] < fleet.size()) {
            for (int index = 0; index < Math.min(meters.length, fleet.size()); index++) {
                boolean isThere = index >>> 6 >= there.length || (there[index >>> 6] & 1L << index) != 0;
                if (!isThere && meters[index] != null) {
                    meters[index] = null;
                    fleet.retired(index, true);
                    changed[0] = true;
                }
            }
        }
        if (changed[0]) {
            members.clear();
        }
    }

    private int take(Meter meter) {
        int index = fleet.put(meter.id(), meter.zone());
        if (index >= meters.length) {
            meters = Arrays.copyOf(meters, Math.max(1024, index + (index >> 1) + 1));
        }
        meters[index] = meter;
        fleet.retired(index, meter.state() == MeterState.RETIRED);
        return index;
    }
}
