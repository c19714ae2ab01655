// SPDX-License-Identifier: EPL-2.0
package org.meterway.dlt645;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.meterway.api.codec.FrameRejectedException;
import org.meterway.api.reading.Obis;

/** Decodes items by their layout. One per frame. */
final class Decoding {
    private final Output output;
    private final List<Value> values = new ArrayList<>();

    /** A value that waits for its time. */
    private record Value(Obis obis, Measure measure, long digits, int decimals, Run run, int at) {}

    /**
     * When values were true that have no time of their own.
     *
     * @param time the time
     * @param flags quality flags, beside measured
     */
    record When(Instant time, int flags) {}

    Decoding(Output output) {
        this.output = output;
    }

    Output output() {
        return output;
    }

    Instant instant(LocalDateTime local) {
        return local.atZone(output.context().timeZone()).toInstant();
    }

    /**
     * Decodes the items of a layout once.
     *
     * @param name of what they are, for people
     * @param whole whether all the data is there; when not, items beyond its end are yet to come
     * @param when the time of values without one; null if they are no readings but to be written
     * @return the index after the last item, or that of the first incomplete one
     */
    int items(
            Layout layout,
            Variables variables,
            Run run,
            int from,
            int to,
            String name,
            boolean whole,
            @Nullable When when)
            throws FrameRejectedException {
        values.clear();
        Instant time = null;
        int at = from;
        for (Layout.Item item : layout.items()) {
            int bytes = item.format().bytes();
            if (to - at < bytes) {
                if (whole && (at == from || at < to)) {
                    throw run.rejected(
                            name, to, item.format().text() + " needs " + bytes + " bytes, there are " + (to - at));
                }
                break;
            }
            String label = item.label().isEmpty() ? name : name + ", " + item.label();
            if (item.timeOfValues()) {
                Optional<LocalDateTime> found = Values.dateTime(run, at, item.format(), label);
                time = found.map(this::instant).orElse(null);
                output.field(
                        run,
                        at,
                        bytes,
                        label + ": " + found.map(String::valueOf).orElse("none"));
            } else if (item.quantity()) {
                quantity(item, variables, run, at, label);
            } else if (output.traced() || item.format().kind() == Format.Kind.TIME) {
                output.field(run, at, bytes, label + ": " + text(item, run, at, label));
            }
            at += bytes;
        }
        for (Value value : when == null ? List.<Value>of() : values) {
            output.reading(
                    value.obis(),
                    value.measure(),
                    value.digits(),
                    value.decimals(),
                    time == null ? when.time() : time,
                    time == null ? when.flags() : 0,
                    value.run(),
                    value.at());
        }
        return at;
    }

    /** Says what is written to a meter: fields, no readings. */
    int written(Layout layout, Variables variables, Run run, int from, String name) throws FrameRejectedException {
        items(layout, variables, run, from, run.length(), name, true, null);
        return from + layout.length();
    }

    private void quantity(Layout.Item item, Variables variables, Run run, int at, String label)
            throws FrameRejectedException {
        Measure measure = item.measure();
        ObisTemplate template = item.obis();
        if (measure == null || template == null) {
            throw new IllegalStateException("no quantity: " + label);
        }
        Obis obis = template.of(variables);
        if (Values.absent(run, at, item.format().bytes())) {
            output.field(run, at, item.format().bytes(), label + " (" + obis + "): no data");
            return;
        }
        long digits = Values.digits(run, at, item.format(), label);
        if (output.traced()) {
            output.field(
                    run,
                    at,
                    item.format().bytes(),
                    label + " (" + obis + "): "
                            + BigDecimal.valueOf(digits, item.format().decimals())
                                    .toPlainString() + (measure.symbol().equals("1") ? "" : " " + measure.symbol()));
        }
        values.add(new Value(obis, measure, digits, item.format().decimals(), run, at));
    }

    /** An item that is no quantity, for people. */
    private static String text(Layout.Item item, Run run, int at, String label) throws FrameRejectedException {
        Format format = item.format();
        return switch (format.kind()) {
            case NUMBER ->
                Values.absent(run, at, format.bytes())
                        ? "no data"
                        : Values.decimal(run, at, format)
                                ? Values.number(run, at, format, label).toPlainString()
                                : run.value(at, format.bytes()) + " (not BCD)";
            case TIME ->
                Values.noTime(run, at, format.bytes()) && !clock(format) ? "none" : Values.time(run, at, format, label);
            case ASCII -> "'" + Values.ascii(run, at, format.bytes()) + "'";
            case HEX, BCD, DI -> run.value(at, format.bytes());
            case SECRET -> "(not shown)";
            case WORD -> Words.text(format.text(), run.number(at, format.bytes()), format.bytes());
        };
    }

    /** A time of day, for which zeros are midnight. */
    private static boolean clock(Format format) {
        return format.text().startsWith("hh");
    }

    /** The time of receipt. */
    When received() {
        return new When(output.receivedAt(), 0);
    }

    /** The time of a time item alone, as that of a freeze; null if it is none. */
    @Nullable
    Instant time(Run run, int at, Format format, String name) throws FrameRejectedException {
        return Values.dateTime(run, at, format, name).map(this::instant).orElse(null);
    }
}
