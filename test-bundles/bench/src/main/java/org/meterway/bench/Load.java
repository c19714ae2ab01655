// SPDX-License-Identifier: EPL-2.0
package org.meterway.bench;

import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.eclipse.californium.core.coap.MessageObserver;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a number of requests under way for a time: each device sends its next as soon as one is answered. What is sent and when
 * is up to the {@link Source}.
 */
final class Load {
    /** Makes the next request of a device; {@code null} when there is nothing more to send. */
    interface Source {
        @Nullable
        Request next(Device device);
    }

    /** Hears of answers. Called on protocol threads. */
    interface Listener {
        void answered(Device device, Request request, Response response);
    }

    /**
     * What came of a load.
     *
     * @param changed answers 2.04 within the time
     * @param busy answers 5.03
     * @param failed other answers, time-outs and resets
     * @param seconds how long it was
     * @param micros answer times of the 2.04, in microseconds
     */
    record Result(long changed, long busy, long failed, double seconds, Histogram micros) {
        double perSecond() {
            return changed / seconds;
        }
    }

    private final List<Device> devices;
    private final int window;

    /** @param window requests under way per device */
    Load(List<Device> devices, int window) {
        this.devices = devices;
        this.window = window;
    }

    /** Runs for a while and returns when the last request is answered or given up. */
    Result run(double seconds, Source source, Listener listener) throws InterruptedException {
        Run run = new Run(seconds, source, listener);
        return run.go();
    }

    Result run(double seconds, Source source) throws InterruptedException {
        return run(seconds, source, (device, request, response) -> {});
    }

    private final class Run {
        private final Source source;
        private final Listener listener;
        private final long begin = System.nanoTime();
        private final long end;
        private final Semaphore idle = new Semaphore(0);
        private final LongAdder changed = new LongAdder();
        private final LongAdder busy = new LongAdder();
        private final LongAdder failed = new LongAdder();
        private final AtomicLong lastNanos = new AtomicLong();
        private final ConcurrentHistogram micros = new ConcurrentHistogram(60_000_000L, 3);

        Run(double seconds, Source source, Listener listener) {
            this.source = source;
            this.listener = listener;
            this.end = begin + (long) (seconds * 1e9);
        }

        Result go() throws InterruptedException {
            for (int i = 0; i < window; i++) {
                for (Device device : devices) {
                    next(device);
                }
            }
            idle.tryAcquire(window * devices.size(), (end - begin) / 1_000_000_000 + 60, TimeUnit.SECONDS);
            double seconds = (Math.max(lastNanos.get(), begin + 1) - begin) / 1e9;
            return new Result(changed.sum(), busy.sum(), failed.sum(), seconds, micros.copy());
        }

        private void next(Device device) {
            if (System.nanoTime() >= end) {
                idle.release();
                return;
            }
            Request request = source.next(device);
            if (request == null) {
                idle.release();
                return;
            }
            long sent = System.nanoTime();
            request.addMessageObserver(new MessageObserver() {
                @Override
                public void onResponse(Response response) {
                    long now = System.nanoTime();
                    lastNanos.accumulateAndGet(now, Math::max);
                    switch (response.getCode().value) {
                        case 0x44, 0x41 -> { // 2.04 Changed, 2.01 Created
                            changed.increment();
                            micros.recordValue(Math.min(60_000_000L, (now - sent) / 1000));
                        }
                        case 0xA3 -> busy.increment(); // 5.03 Service Unavailable
                        default -> failed.increment();
                    }
                    listener.answered(device, request, response);
                    next(device);
                }

                @Override
                public void onTimeout() {
                    failed.increment();
                    next(device);
                }

                @Override
                public void onReject() {
                    failed.increment();
                    next(device);
                }

                @Override
                public void onSendError(Throwable error) {
                    failed.increment();
                    idle.release();
                }
            });
            device.send(request);
        }
    }
}
