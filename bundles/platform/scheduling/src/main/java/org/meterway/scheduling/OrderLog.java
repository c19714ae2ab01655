// SPDX-License-Identifier: EPL-2.0
package org.meterway.scheduling;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.meterway.api.order.Order;
import org.meterway.api.order.OrderState;
import org.meterway.api.store.DocumentStore;
import org.meterway.api.store.DocumentStore.Change;
import org.meterway.api.store.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What must outlive a crash: each order with side effects before it is sent and when it has ended, and up to which due time each
 * plan's work is done. One thread writes, many changes at once.
 */
final class OrderLog implements AutoCloseable {
    static final String ORDERS = "order";
    static final String PROGRESS = "plan-progress";
    private static final Logger LOG = LoggerFactory.getLogger(OrderLog.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST_AT_ONCE = 500;
    private static final long RETRY_MILLIS = 1_000;
    private static final long STOP_MILLIS = 10_000;

    private final DocumentStore store;
    private final LinkedBlockingQueue<Entry> queue = new LinkedBlockingQueue<>();
    private final Thread thread;
    private volatile boolean closed;
    private volatile boolean failing;

    /** @param then is told null when the change is durable, or why it is not; null if the change is to be tried until it is */
    private record Entry(Change change, @Nullable Consumer<@Nullable String> then) {}

    OrderLog(DocumentStore store) {
        this.store = store;
        this.thread = new Thread(this::write, "meterway-orders");
        thread.setDaemon(true);
        thread.start();
    }

    /** Whether the store did not take the last changes. */
    boolean failing() {
        return failing;
    }

    /**
     * Notes that an order is about to be sent.
     *
     * @param then told on the log's thread: null when the note is durable, else why it is not
     */
    void mark(Order order, Consumer<@Nullable String> then) {
        queue.add(new Entry(Change.put(ORDERS, order.id(), document(order)), then));
    }

    /** Notes how an order ended. */
    void ended(Order order) {
        queue.add(new Entry(Change.put(ORDERS, order.id(), document(order)), null));
    }

    /** Notes that everything of a plan that was due up to a time has ended. */
    void progress(String plan, long through) {
        queue.add(new Entry(
                Change.put(PROGRESS, plan, Long.toString(through).getBytes(StandardCharsets.US_ASCII)), null));
    }

    /** How far each plan's work was done, by plan. */
    Map<String, Long> progress() {
        Map<String, Long> progress = new HashMap<>();
        store.forEach(PROGRESS, (plan, document) -> {
            try {
                progress.put(plan, Long.parseLong(new String(document, StandardCharsets.US_ASCII)));
            } catch (NumberFormatException wrong) {
                LOG.error("how far plan {} is done cannot be read; it goes on from now", plan);
            }
        });
        return progress;
    }

    /** All orders that are kept; those too old are removed and left out. */
    List<Order> orders(Instant oldest) {
        List<Order> orders = new ArrayList<>();
        List<Change> old = new ArrayList<>();
        store.forEach(ORDERS, (id, document) -> {
            try {
                Order order = order(id, document);
                if (order.due().isBefore(oldest) && order.state().ended()) {
                    old.add(Change.remove(ORDERS, id));
                } else {
                    orders.add(order);
                }
            } catch (IOException | RuntimeException wrong) {
                LOG.error("order {} cannot be read and is left out: {}", id, wrong.toString());
            }
        });
        for (int from = 0; from < old.size(); from += MOST_AT_ONCE) {
            store.write(old.subList(from, Math.min(old.size(), from + MOST_AT_ONCE)));
        }
        return orders;
    }

    private void write() {
        List<Entry> batch = new ArrayList<>();
        while (true) {
            try {
                if (batch.isEmpty()) {
                    Entry first = queue.poll(200, TimeUnit.MILLISECONDS);
                    if (first == null) {
                        if (closed) {
                            return;
                        }
                        continue;
                    }
                    batch.add(first);
                }
                queue.drainTo(batch, MOST_AT_ONCE - batch.size());
                batch = write(batch);
                if (!batch.isEmpty()) {
                    if (closed) {
                        LOG.error("{} ends of orders could not be written before the stop", batch.size());
                        return;
                    }
                    TimeUnit.MILLISECONDS.sleep(RETRY_MILLIS);
                }
            } catch (InterruptedException stop) {
                return;
            }
        }
    }

    /** Gives back what is to be tried again. */
    private List<Entry> write(List<Entry> batch) {
        // Of several changes of one document only the last counts, and a store need not take two in one go.
        Map<String, Change> last = new LinkedHashMap<>();
        batch.forEach(entry -> last.put(entry.change.collection() + "/" + entry.change.key(), entry.change));
        try {
            store.write(List.copyOf(last.values()));
            failing = false;
            batch.stream().map(Entry::then).forEach(then -> tell(then, null));
            return new ArrayList<>();
        } catch (StoreException failed) {
            if (!failing) {
                LOG.warn("orders cannot be written, none with side effects is sent meanwhile: {}", failed.getMessage());
            }
            failing = true;
            List<Entry> again = new ArrayList<>();
            for (Entry entry : batch) {
                if (entry.then == null) {
                    again.add(entry);
                } else {
                    tell(entry.then, "the store fails: " + failed.getMessage());
                }
            }
            return again;
        }
    }

    private static void tell(@Nullable Consumer<@Nullable String> then, @Nullable String failure) {
        if (then != null) {
            try {
                then.accept(failure);
            } catch (RuntimeException broken) {
                LOG.error("an order could not be sent after it was noted", broken);
            }
        }
    }

    private static byte[] document(Order order) {
        try {
            return JSON.writeValueAsBytes(JSON.createObjectNode()
                    .put("plan", order.plan())
                    .put("meter", order.meter())
                    .put("due", order.due().toEpochMilli())
                    .put("deadline", order.deadline().toEpochMilli())
                    .put("expires", order.expires().toEpochMilli())
                    .put("state", order.state().name())
                    .put("attempts", order.attempts())
                    .put("ended", order.ended().map(Instant::toEpochMilli).orElse(-1L))
                    .put("reason", order.reason()));
        } catch (IOException e) {
            throw new UncheckedIOException("writing JSON to memory failed", e);
        }
    }

    private static Order order(String id, byte[] document) throws IOException {
        JsonNode node = JSON.readTree(document);
        long ended = node.path("ended").asLong(-1);
        return new Order(
                id,
                node.path("plan").asText(),
                node.path("meter").asText(),
                Instant.ofEpochMilli(node.path("due").asLong()),
                Instant.ofEpochMilli(node.path("deadline").asLong()),
                Instant.ofEpochMilli(node.path("expires").asLong()),
                OrderState.valueOf(node.path("state").asText()),
                node.path("attempts").asInt(),
                ended < 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(ended)),
                node.path("reason").asText());
    }

    /** Writes what is still to be written and ends. */
    @Override
    public void close() {
        closed = true;
        try {
            thread.join(STOP_MILLIS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        thread.interrupt();
    }
}
