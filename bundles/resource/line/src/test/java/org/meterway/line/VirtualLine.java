// SPDX-License-Identifier: EPL-2.0
package org.meterway.line;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.function.LongSupplier;
import org.meterway.api.line.LineSettings;

/** A line whose time passes only while somebody waits for bytes. */
final class VirtualLine implements Transport, LongSupplier {
    /** Decides what comes back of what was sent: calls {@link #later}. */
    interface Meter {
        void heard(byte[] bytes, VirtualLine line);
    }

    private record Coming(long at, int order, byte[] bytes) {}

    final List<byte[]> sent = new ArrayList<>();
    final List<String> log = new ArrayList<>();
    private final Queue<Coming> coming =
            new PriorityQueue<>(Comparator.comparingLong(Coming::at).thenComparingInt(Coming::order));
    private Meter meter = (bytes, line) -> {};
    private LineSettings settings;
    private long now = 1_000_000_000;
    private int orders;
    private boolean gone;

    VirtualLine(Meter meter) {
        this.meter = meter;
    }

    /** Bytes that come so many milliseconds from now. */
    VirtualLine later(long millis, byte... bytes) {
        coming.add(new Coming(now + millis * 1_000_000, orders++, bytes));
        return this;
    }

    void vanish() {
        gone = true;
    }

    LineSettings settings() {
        return settings;
    }

    long millis() {
        return now / 1_000_000 - 1_000;
    }

    @Override
    public long getAsLong() {
        return now;
    }

    @Override
    public void set(LineSettings changed) {
        settings = changed;
        log.add(millis() + " set " + changed);
    }

    @Override
    public void send(byte[] bytes) throws IOException {
        if (gone) {
            throw new IOException("gone");
        }
        sent.add(bytes);
        log.add(millis() + " sent " + bytes.length);
        meter.heard(bytes, this);
    }

    @Override
    public byte[] receive(long nanos) throws IOException {
        if (gone) {
            throw new IOException("gone");
        }
        long until = now + Math.max(0, nanos);
        Coming next = coming.peek();
        if (next != null && next.at <= until) {
            now = Math.max(now, next.at);
            return coming.remove().bytes;
        }
        now = until;
        return new byte[0];
    }

    @Override
    public void abort() {
        gone = true;
    }

    @Override
    public void close() {
        gone = true;
    }
}
