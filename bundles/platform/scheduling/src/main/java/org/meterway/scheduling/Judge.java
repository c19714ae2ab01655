// SPDX-License-Identifier: EPL-2.0
package org.meterway.scheduling;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.meterway.api.meter.Meter;
import org.meterway.api.meter.MeterState;
import org.meterway.api.running.Condition;
import org.meterway.api.running.MeterRunning;
import org.meterway.api.running.ZoneRunning;
import org.meterway.scheduling.dispatch.Dispatcher;
import org.meterway.scheduling.dispatch.Fleet;
import org.meterway.scheduling.dispatch.Standing;

/** Judges meters and zones from what the fleet's arrays hold. Used by the dispatcher's thread only. */
final class Judge {
    private static final double LOSSY = 1 / 7.0;
    private static final double SLOW = 4;
    private static final double SLOW_MILLIS = 1_000;
    private static final int SILENT = 3;

    private final Roster roster;
    private final Fleet fleet;
    private final Dispatcher dispatcher;
    private final MeterWire wire;

    Judge(Roster roster, Dispatcher dispatcher, MeterWire wire) {
        this.roster = roster;
        this.fleet = roster.fleet();
        this.dispatcher = dispatcher;
        this.wire = wire;
    }

    List<ZoneRunning> zones() {
        Map<Integer, Map<Condition, Integer>> byZone = new TreeMap<>();
        for (int index = 0; index < fleet.size(); index++) {
            Meter meter = inService(index);
            if (meter != null) {
                byZone.computeIfAbsent(fleet.zone(index), zone -> new EnumMap<>(Condition.class))
                        .merge(judge(index, meter), 1, Integer::sum);
            }
        }
        List<ZoneRunning> zones = new ArrayList<>();
        byZone.forEach((zone, conditions) -> zones.add(new ZoneRunning(
                fleet.zoneName(zone),
                dispatcher.down(zone),
                dispatcher.allowed(zone),
                millis(dispatcher.roundTripMillis(zone)),
                conditions)));
        zones.sort((a, b) -> a.zone().compareTo(b.zone()));
        return zones;
    }

    List<MeterRunning> meters(Optional<String> zone, Set<Condition> conditions, Optional<String> after, int limit) {
        int only = zone.map(fleet::zoneOf).orElse(-1);
        if (zone.isPresent() && only < 0) {
            return List.of();
        }
        PriorityQueue<Integer> smallest =
                new PriorityQueue<>((a, b) -> fleet.id(b).compareTo(fleet.id(a)));
        for (int index = 0; index < fleet.size(); index++) {
            if (only >= 0 && fleet.zone(index) != only
                    || after.isPresent() && fleet.id(index).compareTo(after.get()) <= 0
                    || smallest.size() >= limit && fleet.id(index).compareTo(fleet.id(smallest.peek())) > 0) {
                continue;
            }
            Meter meter = inService(index);
            if (meter != null && (conditions.isEmpty() || conditions.contains(judge(index, meter)))) {
                smallest.add(index);
                if (smallest.size() > limit) {
                    smallest.poll();
                }
            }
        }
        return smallest.stream()
                .sorted((a, b) -> fleet.id(a).compareTo(fleet.id(b)))
                .map(index -> describe(index, roster.meter(index)))
                .toList();
    }

    private @Nullable Meter inService(int index) {
        Meter meter = roster.meter(index);
        return meter == null || meter.state() != MeterState.ACTIVE ? null : meter;
    }

    MeterRunning describe(int index, Meter meter) {
        Condition condition = judge(index, meter);
        long until =
                switch (condition) {
                    case ASLEEP ->
                        fleet.wokeAt(index) > 0 && fleet.wakesEveryMillis(index) > 0
                                ? fleet.wokeAt(index) + fleet.wakesEveryMillis(index)
                                : 0;
                    case UNREACHABLE -> fleet.blockedUntil(index);
                    default -> 0;
                };
        return new MeterRunning(
                meter.id(),
                meter.zone(),
                condition,
                time(until),
                millis(fleet.roundTripMillis(index)),
                Math.round(fleet.loss(index) * 1000) / 1000.0,
                time(fleet.heardAt(index)));
    }

    Condition judge(int index, Meter meter) {
        Standing standing = wire.standing(meter);
        if (standing == Standing.ASLEEP) {
            return Condition.ASLEEP;
        }
        boolean known = fleet.heardAt(index) > 0 || fleet.streak(index) > 0;
        if (standing == Standing.GONE) {
            return known ? Condition.UNREACHABLE : Condition.UNKNOWN;
        }
        if (fleet.streak(index) >= SILENT) {
            return Condition.UNREACHABLE;
        }
        if (fleet.loss(index) >= LOSSY) {
            return Condition.LOSSY;
        }
        double mean = dispatcher.roundTripMillis(fleet.zone(index));
        double own = fleet.roundTripMillis(index);
        if (own > SLOW_MILLIS && mean > 0 && own > SLOW * mean) {
            return Condition.SLOW;
        }
        return Condition.REACHABLE;
    }

    private static Optional<Duration> millis(double value) {
        return value <= 0 ? Optional.empty() : Optional.of(Duration.ofMillis(Math.max(1, Math.round(value))));
    }

    private static Optional<Instant> time(long millis) {
        return millis <= 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis));
    }
}
