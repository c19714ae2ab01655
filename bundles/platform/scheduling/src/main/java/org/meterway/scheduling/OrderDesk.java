// SPDX-License-Identifier: EPL-2.0
package org.meterway.scheduling;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.meterway.api.order.Order;
import org.meterway.api.order.OrderQuery;
import org.meterway.api.order.OrderState;
import org.meterway.api.order.Run;
import org.meterway.scheduling.dispatch.Batch;
import org.meterway.scheduling.dispatch.Fleet;
import org.meterway.scheduling.dispatch.Reasons;

/** The batches that are open and those that ended lately, as orders and runs. Used by the dispatcher's thread only. */
final class OrderDesk {
    private static final DateTimeFormatter DUE =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    private final Comparator<Batch> latestFirst = Comparator.comparingLong(Batch::due)
            .reversed()
            .thenComparing(batch -> batch.job().plan())
            .thenComparing(this::key);

    private final Fleet fleet;
    private final long mostBytes;
    private final Map<String, Batch> byKey = new HashMap<>();
    private final Deque<Batch> ended = new ArrayDeque<>();
    private @Nullable Reasons reasons;
    private long endedBytes;

    OrderDesk(Fleet fleet, long mostBytes) {
        this.fleet = fleet;
        this.mostBytes = mostBytes;
    }

    void use(Reasons texts) {
        this.reasons = texts;
    }

    static String key(String plan, long due) {
        return plan + "~" + DUE.format(Instant.ofEpochMilli(due));
    }

    /** What an order's id says. */
    record Name(String key, String plan, long due, String meter) {}

    /** The parts of an order's id, if it is one. */
    static Optional<Name> parse(String id) {
        String[] parts = id.split("~", 3);
        if (parts.length != 3) {
            return Optional.empty();
        }
        try {
            long due = Instant.from(DUE.parse(parts[1])).toEpochMilli();
            return Optional.of(
                    new Name(parts[0].startsWith("@") ? id : parts[0] + "~" + parts[1], parts[0], due, parts[2]));
        } catch (DateTimeParseException wrong) {
            return Optional.empty();
        }
    }

    /** Whether there is, or was lately, a batch of this plan and due time. */
    boolean has(String plan, long due) {
        return byKey.containsKey(key(plan, due));
    }

    @Nullable
    Batch batch(String key) {
        return byKey.get(key);
    }

    void add(Batch batch) {
        byKey.put(key(batch.job().plan(), batch.due()), batch);
    }

    /** As {@link #add}, for a batch of one meter whose key contains that meter. */
    void addExtra(String key, Batch batch) {
        byKey.put(key, batch);
    }

    private String key(Batch batch) {
        String key = key(batch.job().plan(), batch.due());
        return batch.job().plan().startsWith("@")
                ? key + "~" + fleet.id(batch.members().meter(0))
                : key;
    }

    void closed(Batch batch) {
        ended.add(batch);
        endedBytes += batch.bytes();
        while (endedBytes > mostBytes && ended.size() > 1) {
            Batch oldest = ended.poll();
            endedBytes -= oldest.bytes();
            byKey.remove(key(oldest), oldest);
        }
    }

    /** How many runs have not ended. */
    int openRuns() {
        return byKey.size() - ended.size();
    }

    List<Batch> open(String plan) {
        return byKey.values().stream()
                .filter(batch -> batch.open() > 0 && batch.job().plan().equals(plan))
                .toList();
    }

    /** How many orders are in which state, over all that is remembered. */
    Map<OrderState, Long> counts() {
        Map<OrderState, Long> counts = new EnumMap<>(OrderState.class);
        for (OrderState state : OrderState.values()) {
            long sum = 0;
            for (Batch batch : byKey.values()) {
                sum += batch.count(state);
            }
            counts.put(state, sum);
        }
        return counts;
    }

    Order order(Batch batch, int position) {
        String meter = fleet.id(batch.members().meter(position));
        OrderState state = batch.state(position);
        return new Order(
                key(batch.job().plan(), batch.due()) + "~" + meter,
                batch.job().plan(),
                meter,
                Instant.ofEpochMilli(batch.due()),
                Instant.ofEpochMilli(batch.deadline()),
                Instant.ofEpochMilli(batch.expires()),
                state,
                batch.attempts(position),
                state.ended() ? Optional.of(Instant.ofEpochMilli(batch.endedAt(position))) : Optional.empty(),
                reasons == null ? "" : reasons.text(batch, position));
    }

    Run run(Batch batch) {
        Map<OrderState, Integer> counts = new EnumMap<>(OrderState.class);
        for (OrderState state : OrderState.values()) {
            counts.put(state, batch.count(state));
        }
        return new Run(
                batch.job().plan(),
                batch.job().version(),
                Instant.ofEpochMilli(batch.due()),
                Instant.ofEpochMilli(batch.deadline()),
                Instant.ofEpochMilli(batch.expires()),
                batch.open() == 0 && batch.endedAt() >= 0
                        ? Optional.of(Instant.ofEpochMilli(batch.endedAt()))
                        : Optional.empty(),
                counts,
                batch.sent());
    }

    List<Run> runs(String plan) {
        return byKey.values().stream()
                .filter(batch -> batch.job().plan().equals(plan))
                .sorted(latestFirst)
                .map(this::run)
                .toList();
    }

    Optional<Order> find(String id) {
        return parse(id).flatMap(name -> {
            Batch batch = byKey.get(name.key());
            int position = batch == null ? -1 : position(batch, name.meter());
            return position < 0 ? Optional.empty() : Optional.of(order(batch, position));
        });
    }

    int position(Batch batch, String meter) {
        int index = fleet.indexOf(meter);
        return index < 0 ? -1 : batch.members().positionOf(index);
    }

    List<Order> find(OrderQuery query) {
        Optional<Name> after = query.after().flatMap(OrderDesk::parse);
        List<Batch> batches = byKey.values().stream()
                .filter(batch -> query.plan().isEmpty()
                        || query.plan().get().equals(batch.job().plan()))
                .filter(batch -> after.isEmpty()
                        || batch.due() < after.get().due()
                        || batch.due() == after.get().due()
                                && batch.job().plan().compareTo(after.get().plan()) >= 0)
                .filter(batch ->
                        query.states().isEmpty() || query.states().stream().anyMatch(state -> batch.count(state) > 0))
                .sorted(latestFirst)
                .toList();
        List<Order> found = new ArrayList<>();
        for (Batch batch : batches) {
            boolean sameRun = after.isPresent()
                    && batch.due() == after.get().due()
                    && batch.job().plan().equals(after.get().plan());
            String beyond = sameRun ? after.get().meter() : "";
            for (int position : page(batch, query, beyond, query.limit() - found.size())) {
                found.add(order(batch, position));
            }
            if (found.size() >= query.limit()) {
                break;
            }
        }
        return found;
    }

    /** The first orders of a batch by meter, after one meter. */
    private List<Integer> page(Batch batch, OrderQuery query, String beyond, int limit) {
        if (query.meter().isPresent()) {
            int position = position(batch, query.meter().get());
            boolean matches = position >= 0
                    && query.meter().get().compareTo(beyond) > 0
                    && (query.states().isEmpty() || query.states().contains(batch.state(position)));
            return matches ? List.of(position) : List.of();
        }
        Comparator<Integer> byId =
                Comparator.comparing(position -> fleet.id(batch.members().meter(position)));
        PriorityQueue<Integer> smallest = new PriorityQueue<>(byId.reversed());
        IntStream.range(0, batch.size())
                .filter(position -> query.states().isEmpty() || query.states().contains(batch.state(position)))
                .filter(position -> fleet.id(batch.members().meter(position)).compareTo(beyond) > 0)
                .forEach(position -> {
                    if (smallest.size() < limit) {
                        smallest.add(position);
                    } else if (byId.compare(position, smallest.peek()) < 0) {
                        smallest.poll();
                        smallest.add(position);
                    }
                });
        return smallest.stream().sorted(byId).toList();
    }

    /** The reasons of a batch's orders in a state, with how many have each, the most frequent first. */
    Map<String, Integer> reasons(Batch batch, OrderState state) {
        Map<String, Integer> counts = new TreeMap<>();
        for (int position = 0; position < batch.size(); position++) {
            if (batch.state(position) == state && reasons != null) {
                counts.merge(reasons.text(batch, position), 1, Integer::sum);
            }
        }
        return counts;
    }
}
