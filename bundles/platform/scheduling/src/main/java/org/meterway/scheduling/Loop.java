// SPDX-License-Identifier: EPL-2.0
package org.meterway.scheduling;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one thread of the dispatcher: runs what others hand it, lets the dispatcher decide, sleeps until something is due. */
final class Loop implements Executor, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Loop.class);
    private static final int TASKS_PER_ROUND = 10_000;
    private static final long LONGEST_SLEEP_MILLIS = 500;
    private static final long PATIENCE_SECONDS = 20;

    private final ConcurrentLinkedQueue<Runnable> inbox = new ConcurrentLinkedQueue<>();
    private final LongSupplier tick;
    private final Thread thread;
    private volatile boolean closed;
    private volatile long rounds;

    /** @param tick does what is due and says in how many milliseconds it wants to be called again at the latest */
    Loop(LongSupplier tick) {
        this.tick = tick;
        this.thread = new Thread(this::run, "meterway-dispatch");
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    @Override
    public void execute(Runnable task) {
        inbox.add(task);
        LockSupport.unpark(thread);
    }

    /** Asks something that only the loop's thread may look at. */
    <T> T ask(Supplier<T> question) {
        if (Thread.currentThread() == thread) {
            return question.get();
        }
        CompletableFuture<T> answer = new CompletableFuture<>();
        execute(() -> {
            try {
                answer.complete(question.get());
            } catch (RuntimeException wrong) {
                answer.completeExceptionally(wrong);
            }
        });
        try {
            return answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof RuntimeException wrong) {
                throw wrong;
            }
            throw new IllegalStateException(failed.getCause());
        } catch (TimeoutException busy) {
            throw new IllegalStateException("the dispatcher is stopped or too busy to answer", busy);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for the dispatcher", interrupted);
        }
    }

    /** How many rounds it has gone through. */
    long rounds() {
        return rounds;
    }

    private void run() {
        while (!closed) {
            long sleep = LONGEST_SLEEP_MILLIS;
            try {
                for (int i = 0; i < TASKS_PER_ROUND; i++) {
                    Runnable task = inbox.poll();
                    if (task == null) {
                        break;
                    }
                    guarded(task);
                }
                sleep = Math.min(sleep, tick.getAsLong());
            } catch (RuntimeException | Error failed) {
                // One plan's trouble must not end the dispatch of all.
                LOG.error("a round of the dispatcher failed", failed);
            }
            rounds = rounds + 1;
            if (sleep > 0 && inbox.isEmpty() && !closed) {
                LockSupport.parkNanos(this, TimeUnit.MILLISECONDS.toNanos(sleep));
            }
        }
    }

    private static void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException failed) {
            LOG.error("a task of the dispatcher failed", failed);
        }
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
        try {
            thread.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
