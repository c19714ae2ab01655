// SPDX-License-Identifier: EPL-2.0
package org.meterway.dlms;

import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.meterway.api.channel.Answer;
import org.meterway.api.codec.FrameRejectedException;
import org.meterway.api.line.Dialogue.Done;
import org.meterway.api.line.Dialogue.LineFrame;
import org.meterway.api.reading.Obis;

/**
 * Reads the rows of a profile from one time to another: capture objects, period, scalers of the columns, then the buffer by range,
 * a week at a time, or by entries where the meter knows no range. Each week is a frame of its own that says all of that again, so
 * that it can be decoded alone.
 */
final class ProfileJob extends Job {
    private static final Duration AT_ONCE = Duration.ofDays(7);
    private static final int MOST_ENTRIES = 4_000;
    private final Obis obis;
    private final Instant from;
    private final Instant to;
    private final ZoneId zone;
    private final Supplier<Instant> now;
    private final Deque<Getting> steps = new ArrayDeque<>();
    private final Set<Descriptor> scalers = new LinkedHashSet<>();
    private final ByteArrayOutputStream headBytes = new ByteArrayOutputStream();
    private final List<String> headTargets = new ArrayList<>();
    private final List<LineFrame> frames = new ArrayList<>();
    private Descriptor clock = Descriptor.parse("8/0-0:1.0.0/2");
    private long period;
    private boolean planned;
    private boolean byEntries;
    private int rows;
    private int error;
    private byte @Nullable [] nextBlock;

    ProfileJob(Obis obis, Instant from, Instant to, ZoneId zone, Supplier<Instant> now) {
        this.obis = obis;
        this.from = from;
        this.to = to;
        this.zone = zone;
        this.now = now;
        steps.add(Getting.one(new Descriptor(Report.PROFILE, obis, 3)));
        steps.add(Getting.one(new Descriptor(Report.PROFILE, obis, 4)));
    }

    @Override
    byte @Nullable [] next() {
        byte[] block = nextBlock;
        if (block != null) {
            nextBlock = null;
            return block;
        }
        if (steps.isEmpty() && !planned) {
            planned = true;
            plan();
        }
        Getting step = steps.peek();
        return step == null ? null : step.request();
    }

    /** The buffer in pieces. */
    private void plan() {
        Descriptor buffer = new Descriptor(Report.PROFILE, obis, 2);
        Instant start = from;
        while (start.isBefore(to) || start.equals(from)) {
            Instant end = start.plus(AT_ONCE).isBefore(to) ? start.plus(AT_ONCE) : to;
            byte[] range = Requests.range(clock, DateTimes.encode(start, zone), DateTimes.encode(end, zone));
            steps.add(new Getting(List.of(buffer), range));
            if (!end.isBefore(to)) {
                break;
            }
            // The range has its ends: the next one begins after this one.
            start = end.plusSeconds(1);
        }
    }

    @Override
    void answer(byte[] apdu, byte[] raw) throws FrameRejectedException {
        Getting getting = steps.element();
        nextBlock = getting.take(apdu, raw);
        if (nextBlock != null) {
            return;
        }
        steps.remove();
        Descriptor of = getting.of().get(0);
        Getting.Result result = getting.results().get(0);
        Datum value = result.value();
        if (of.classId() == Report.PROFILE && of.attribute() == 2) {
            buffer(of, getting, value, result.error());
            return;
        }
        if (of.classId() == Report.PROFILE && of.attribute() == 7) {
            entries(value);
            return;
        }
        if (value == null) {
            if (of.classId() == Report.PROFILE && of.attribute() == 3) {
                error = result.error();
                steps.clear();
                planned = true;
            }
            return;
        }
        headBytes.writeBytes(getting.raw());
        headTargets.add(of.toString());
        if (of.classId() == Report.PROFILE && of.attribute() == 3) {
            columns(value);
        } else if (of.classId() == Report.PROFILE) {
            period = value.isInteger() ? value.number : 0;
        }
    }

    private void columns(Datum captureObjects) throws FrameRejectedException {
        for (Profile.Column column : Profile.columns(captureObjects)) {
            if (column.isClock()) {
                clock = new Descriptor(Report.CLOCK, column.obis(), 2);
            } else if (column.classId() >= Report.REGISTER && column.classId() <= Report.DEMAND_REGISTER) {
                int attribute = column.classId() == Report.DEMAND_REGISTER ? 4 : 3;
                scalers.add(new Descriptor(column.classId(), column.obis(), attribute));
            }
        }
        scalers.forEach(scaler -> steps.add(Getting.one(scaler)));
    }

    private void buffer(Descriptor of, Getting getting, @Nullable Datum value, int refusal) {
        if (value != null) {
            rows += value.items.size();
            String target = headTargets.stream().collect(Collectors.joining("; ", "", "; ")) + of;
            frames.add(frame(target, Gcm.concat(headBytes.toByteArray(), getting.raw())));
            return;
        }
        steps.clear();
        if (!byEntries && frames.isEmpty() && period > 0) {
            byEntries = true;
            steps.add(Getting.one(new Descriptor(Report.PROFILE, obis, 7)));
        } else {
            error = refusal;
        }
    }

    /** The newest entries back to the first wanted, by the number that are there. */
    private void entries(@Nullable Datum inUse) {
        long all = inUse != null && inUse.isInteger() ? inUse.number : 0;
        long age = Math.max(Duration.between(from, now.get()).getSeconds(), 0);
        long wanted = Math.min(age / Math.max(period, 1) + 1, MOST_ENTRIES);
        long first = Math.max(all - wanted + 1, 1);
        steps.add(new Getting(List.of(new Descriptor(Report.PROFILE, obis, 2)), Requests.entries(first, all)));
    }

    @Override
    Done done() {
        boolean success = error == 0;
        String text = success ? "" : obis + ": " + OtherServices.accessResult(error);
        Map<String, Object> values = success ? Map.of(obis.toString(), rows + " rows") : Map.of();
        return new Done(new Answer(success, success ? "2.05" : coap(error), text, values, ""), frames);
    }
}
