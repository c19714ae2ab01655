// SPDX-License-Identifier: EPL-2.0
package org.meterway.dtmf;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.meterway.api.codec.DecodeContext;
import org.meterway.api.codec.Field;
import org.meterway.api.codec.FrameRejectedException;

/** Reads the frames in a run of digits (README, "The frame"). One per run. */
final class FrameReader {
    private static final int LONGEST = 99;
    private static final int MOST_ADDRESS_DIGITS = 12;
    private static final int MOST_VALUE_DIGITS = 18;

    /** One value of a frame. */
    record Item(Quantities.Entry entry, BigDecimal value, Instant time, int index) {}

    /** Where digits stand in the bytes that came. */
    @FunctionalInterface
    interface Offsets {
        int of(int index);
    }

    private final String digits;
    private final Offsets offsets;
    private final String part;
    private final Instant receivedAt;
    private final DecodeContext context;
    private final List<Item> items = new ArrayList<>();
    private final Set<String> unnamed = new LinkedHashSet<>();
    private Instant time;

    /**
     * @param part of the trace that the digits are
     * @param offsets where a rejection points to
     */
    FrameReader(String digits, String part, Offsets offsets, Instant receivedAt, DecodeContext context) {
        this.digits = digits;
        this.part = part;
        this.offsets = offsets;
        this.receivedAt = receivedAt;
        this.time = receivedAt;
        this.context = context;
    }

    /** The values of all frames. */
    List<Item> read() throws FrameRejectedException {
        int at = 0;
        do {
            at = frame(at);
        } while (at < digits.length());
        return items;
    }

    /** Short codes that are nobody's. */
    List<String> unnamed() {
        return unnamed.stream().limit(16).toList();
    }

    /** Points to a digit. */
    FrameRejectedException rejected(String field, int index, String reason) {
        return new FrameRejectedException(field, offsets.of(index), "digit " + index + ": " + reason);
    }

    private int frame(int start) throws FrameRejectedException {
        if (start >= digits.length() || digits.charAt(start) != '*') {
            throw rejected(
                    "start mark",
                    start,
                    "expected *, was " + (start < digits.length() ? digits.charAt(start) : "nothing"));
        }
        int end = start + 1;
        while (end < digits.length() && digits.charAt(end) != '#') {
            char symbol = digits.charAt(end);
            if (symbol == '*') {
                throw rejected("end mark", end, "a frame begins before # has ended the last");
            }
            end++;
        }
        if (end == digits.length()) {
            throw rejected("end mark", end, "the digits end without #");
        }
        int from = start + 1;
        int length = end - from;
        if (length < 4 || length > LONGEST) {
            throw rejected(
                    "length", from, "a frame has 4–" + LONGEST + " symbols between its marks, this has " + length);
        }
        if (!isDigits(from, from + 2)) {
            throw rejected("length", from, "expected two digits, was " + digits.substring(from, from + 2));
        }
        int announced = Integer.parseInt(digits, from, from + 2, 10);
        if (announced != length) {
            throw rejected("length", from, announced + " symbols announced, there are " + length);
        }
        if (!isDigits(end - 2, end) || !Check.holds(digits, from, end)) {
            throw rejected(
                    "check digits",
                    end - 2,
                    "expected " + Check.digits(digits.substring(from, end - 2)) + ", was "
                            + digits.substring(end - 2, end));
        }
        field(start, 1, "start mark: *");
        field(from, 2, "length: " + length);
        body(from + 2, end - 2);
        field(end - 2, 2, "check digits: " + digits.substring(end - 2, end));
        field(end, 1, "end mark: #");
        return end + 1;
    }

    private void body(int from, int end) throws FrameRejectedException {
        time = receivedAt;
        int at = digitsEnd(from, end);
        if (at == from || at - from > MOST_ADDRESS_DIGITS) {
            throw rejected("address", from, "expected 1–" + MOST_ADDRESS_DIGITS + " digits, were " + (at - from));
        }
        field(from, at - from, "address: " + digits.substring(from, at));
        if (at == end) {
            throw rejected("value", at, "a frame has at least one value");
        }
        while (at < end) {
            at = switch (digits.charAt(at)) {
                case 'A' -> value(at, end);
                case 'D' -> time(at, end);
                default -> throw rejected("value", at, "expected A or D, was " + digits.charAt(at));
            };
        }
    }

    private int time(int at, int end) throws FrameRejectedException {
        int to = digitsEnd(at + 1, end);
        int count = to - at - 1;
        if (count != 10 && count != 12) {
            throw rejected("time", at, "expected 10 or 12 digits after D, were " + count);
        }
        try {
            LocalDateTime local = LocalDateTime.of(
                    2000 + two(at + 1),
                    two(at + 3),
                    two(at + 5),
                    two(at + 7),
                    two(at + 9),
                    count == 12 ? two(at + 11) : 0);
            time = local.toInstant(ZoneOffset.UTC);
        } catch (DateTimeException impossible) {
            throw rejected("time", at + 1, "no such time: " + impossible.getMessage());
        }
        field(at, to - at, "time: " + time);
        return to;
    }

    private int value(int at, int end) throws FrameRejectedException {
        if (digitsEnd(at + 1, end) < at + 3) {
            throw rejected("quantity", at, "expected two digits after A");
        }
        int code = two(at + 1);
        int from = at + 3;
        boolean negative = from < end && digits.charAt(from) == 'B';
        int whole = negative ? from + 1 : from;
        int point = digitsEnd(whole, end);
        int to = point;
        if (point < end && digits.charAt(point) == 'C') {
            to = digitsEnd(point + 1, end);
            if (to == point + 1) {
                throw rejected("value", point, "expected digits after C");
            }
        }
        int count = to - whole - (to > point ? 1 : 0);
        if (point == whole || count > MOST_VALUE_DIGITS) {
            throw rejected("value", from, "expected 1–" + MOST_VALUE_DIGITS + " digits");
        }
        BigDecimal number = new BigDecimal(digits.substring(whole, to).replace('C', '.'));
        BigDecimal value = negative ? number.negate() : number;
        Optional<Quantities.Entry> entry = Quantities.ofCode(code);
        if (entry.isEmpty()) {
            unnamed.add("quantity " + digits.substring(at + 1, at + 3));
            field(at, to - at, "quantity " + digits.substring(at + 1, at + 3) + " (unknown): " + value.toPlainString());
            return to;
        }
        field(
                at,
                3,
                "quantity " + digits.substring(at + 1, at + 3) + ": "
                        + entry.get().name());
        field(
                from,
                to - from,
                entry.get().name() + ": " + value.toPlainString() + " "
                        + entry.get().quantity().unit().symbol() + " = "
                        + entry.get().quantity().obis());
        items.add(new Item(entry.get(), value, time, from));
        return to;
    }

    private int two(int at) {
        return (digits.charAt(at) - '0') * 10 + digits.charAt(at + 1) - '0';
    }

    private int digitsEnd(int from, int end) {
        int at = from;
        while (at < end && isDigits(at, at + 1)) {
            at++;
        }
        return at;
    }

    private boolean isDigits(int from, int to) {
        for (int i = from; i < to; i++) {
            if (digits.charAt(i) < '0' || digits.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }

    private void field(int index, int length, String meaning) {
        if (context.traced()) {
            context.field(new Field(part, index, length, meaning));
        }
    }
}
