// SPDX-License-Identifier: EPL-2.0
package org.meterway.lwm2m;

import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.californium.core.coap.CoAP.Type;
import org.eclipse.californium.core.coap.EmptyMessage;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.network.Exchange;
import org.eclipse.californium.core.network.Outbox;
import org.eclipse.californium.core.network.stack.BaseCoapStack;
import org.eclipse.californium.core.network.stack.BlockwiseLayer;
import org.eclipse.californium.core.network.stack.ExchangeCleanupLayer;
import org.eclipse.californium.core.network.stack.Layer;
import org.eclipse.californium.core.network.stack.ObserveLayer;
import org.eclipse.californium.core.network.stack.ReliabilityLayer;
import org.eclipse.californium.elements.EndpointContextMatcher;
import org.eclipse.californium.elements.config.Configuration;
import org.jspecify.annotations.Nullable;

/**
 * Californium acknowledges a confirmable notification before the application sees it. This reliability layer keeps the
 * acknowledgement back while the notification passes up the stack; whoever handles it there may {@link #claim} it and give it out
 * when the readings are durable. Nothing stays unacknowledged longer than the bound: then the ledger has to find the gap.
 */
final class AckHolder extends ReliabilityLayer {
    /** The notification that passes up the stack on this thread now. */
    private static final ThreadLocal<@Nullable Held> PASSING = new ThreadLocal<>();

    private final int boundMilliseconds;

    AckHolder(Configuration config, int boundMilliseconds) {
        super(config);
        this.boundMilliseconds = boundMilliseconds;
    }

    /** A CoAP stack like Californium's own for UDP, with this layer in it. */
    static BaseCoapStack stack(
            String tag, Configuration config, EndpointContextMatcher matcher, Outbox outbox, int boundMilliseconds) {
        return new Stack(tag, config, matcher, outbox, boundMilliseconds);
    }

    /**
     * Takes over the acknowledgement of the notification being handled on this thread.
     *
     * @return gives the acknowledgement out; does nothing when there is none or the bound gave it out already
     */
    static Runnable claim() {
        Held held = PASSING.get();
        if (held == null) {
            return () -> {};
        }
        return held.claim();
    }

    @Override
    public void receiveResponse(Exchange exchange, Response response) {
        if (boundMilliseconds == 0
                || response.getType() != Type.CON
                || !response.isNotification()
                || response.isDuplicate()) {
            super.receiveResponse(exchange, response);
            return;
        }
        Held held = new Held(exchange, response.getMID());
        PASSING.set(held);
        try {
            super.receiveResponse(exchange, response);
        } finally {
            PASSING.remove();
            held.passed();
        }
    }

    @Override
    public void sendEmptyMessage(Exchange exchange, EmptyMessage message) {
        Held held = PASSING.get();
        if (held != null && held.keep(message)) {
            return;
        }
        super.sendEmptyMessage(exchange, message);
    }

    private void give(Exchange exchange, EmptyMessage message) {
        super.sendEmptyMessage(exchange, message);
    }

    private final class Held {
        private final Exchange exchange;
        private final int mid;
        private final AtomicBoolean given = new AtomicBoolean();
        private volatile @Nullable EmptyMessage acknowledgement;
        private volatile @Nullable ScheduledFuture<?> bound;
        private boolean claimed;

        Held(Exchange exchange, int mid) {
            this.exchange = exchange;
            this.mid = mid;
        }

        boolean keep(EmptyMessage message) {
            if (message.getType() != Type.ACK || message.getMID() != mid || acknowledgement != null) {
                return false;
            }
            acknowledgement = message;
            return true;
        }

        Runnable claim() {
            claimed = true;
            bound = executor.schedule(this::give, boundMilliseconds, TimeUnit.MILLISECONDS);
            return this::give;
        }

        void passed() {
            if (!claimed) {
                give();
            }
        }

        private void give() {
            EmptyMessage message = acknowledgement;
            if (message == null || !given.compareAndSet(false, true)) {
                return;
            }
            ScheduledFuture<?> timer = bound;
            if (timer != null) {
                timer.cancel(false);
            }
            exchange.execute(() -> AckHolder.this.give(exchange, message));
        }
    }

    private static final class Stack extends BaseCoapStack {
        Stack(String tag, Configuration config, EndpointContextMatcher matcher, Outbox outbox, int boundMilliseconds) {
            super(outbox);
            setLayers(new Layer[] {
                new ExchangeCleanupLayer(config),
                new ObserveLayer(config),
                new BlockwiseLayer(tag, false, config, matcher),
                new AckHolder(config, boundMilliseconds)
            });
        }
    }
}
