// SPDX-License-Identifier: EPL-2.0
package org.meterway.senml;

import org.jspecify.annotations.Nullable;
import org.meterway.api.codec.FrameRejectedException;

/**
 * Resolves the records of one SenML pack (RFC 8428, 4.6), whatever they are written in. A reader calls {@link #begin}, then for
 * each field {@link #field} and the setter of its type, then {@link #end}, which hands the resolved record on. One per frame.
 */
final class Pack {
    /** What a record carries. */
    enum Kind {
        NUMBER,
        STRING,
        BOOLEAN,
        DATA,
        LINK,
        /** No value, only a sum (RFC 8428, 4.2). */
        SUM_ONLY
    }

    static final int MOST_RECORDS = 10_000;
    static final int LONGEST_NAME = 512;
    /** The version of RFC 8428. */
    static final int VERSION = 10;

    private static final long RELATIVE_BELOW_MS = (1L << 28) * 1_000;
    private static final long LATEST_MS = 253_402_300_799_999L;
    private static final int VALUES =
            Label.VALUE.bit | Label.STRING.bit | Label.BOOLEAN.bit | Label.DATA.bit | Label.LINK.bit;
    private static final int BASES = Label.BASE_NAME.bit
            | Label.BASE_TIME.bit
            | Label.BASE_UNIT.bit
            | Label.BASE_VALUE.bit
            | Label.BASE_SUM.bit
            | Label.BASE_VERSION.bit;

    private final RecordSink sink;
    private final long receivedMs;
    private final @Nullable Trail trail;

    private final Decimal baseTime = new Decimal();
    private final Decimal baseValue = new Decimal();
    private final Decimal baseSum = new Decimal();
    private String baseName = "";
    private @Nullable String baseUnit;
    private boolean hasBaseSum;
    private long version = -1;

    private int index = -1;
    private int offset;
    private int seen;
    private boolean unknown;
    private String ownName = "";
    private @Nullable String ownUnit;
    private final Decimal value = new Decimal();
    private final Decimal sum = new Decimal();
    private final Decimal time = new Decimal();
    private final Decimal ignored = new Decimal();
    private String string = "";
    private String lastText = "";
    private boolean bool;

    private String fullNameOfBase = "";
    private String fullNameOfOwn = "";
    private String fullName = "";
    private Kind kind = Kind.NUMBER;
    private long timeMs;

    Pack(long receivedMs, RecordSink sink) {
        this(receivedMs, sink, null);
    }

    /** @param trail where to tell what was read at which byte; null on the hot path */
    Pack(long receivedMs, RecordSink sink, @Nullable Trail trail) {
        this.receivedMs = receivedMs;
        this.sink = sink;
        this.trail = trail;
    }

    /** A record begins at this byte. */
    void begin(int at) throws FrameRejectedException {
        index++;
        offset = at;
        if (index == MOST_RECORDS) {
            throw new FrameRejectedException("record " + index, at, "a pack may have " + MOST_RECORDS + " records");
        }
        seen = 0;
        unknown = false;
        ownName = "";
        ownUnit = null;
    }

    /** A field of this label comes next. */
    void field(Label label, int at) throws FrameRejectedException {
        if ((seen & label.bit) != 0) {
            throw rejected(label.text, at, "is there twice");
        }
        seen |= label.bit;
    }

    /** A field was read from one byte to another, not included. */
    void read(Label label, int from, int to) {
        if (trail != null) {
            trail.field(label, this, from, to);
        }
    }

    /** A field nobody here knows was passed over. */
    void passed(String label, int from, int to) {
        if (trail != null) {
            trail.skipped(label, from, to);
        }
    }

    /** A field of a label nobody here knows. */
    void unknownField(String label, int at) throws FrameRejectedException {
        unknown = true;
        if (label.endsWith("_")) {
            throw rejected(label, at, "must be understood (RFC 8428, 4.4) and is not");
        }
    }

    /** Where the number of this label goes; {@link #checkNumber} follows. */
    Decimal number(Label label) {
        return switch (label) {
            case VALUE -> value;
            case TIME -> time;
            case SUM -> sum;
            case BASE_TIME -> baseTime;
            case BASE_VALUE -> baseValue;
            case BASE_SUM -> baseSum;
            default -> ignored;
        };
    }

    void checkNumber(Label label, int at) throws FrameRejectedException {
        if (label == Label.BASE_SUM) {
            hasBaseSum = true;
        } else if (label == Label.BASE_VERSION) {
            checkVersion(at);
        }
    }

    private void checkVersion(int at) throws FrameRejectedException {
        if (!ignored.small() || ignored.exponent() != 0 || ignored.digits() < 1) {
            throw rejected(Label.BASE_VERSION.text, at, "must be a positive integer");
        }
        if (ignored.digits() > VERSION) {
            throw rejected(
                    Label.BASE_VERSION.text,
                    at,
                    "is " + ignored.digits() + ", versions up to " + VERSION + " are known");
        }
        if (version >= 0 && version != ignored.digits()) {
            throw rejected(Label.BASE_VERSION.text, at, "differs from the one before in the same pack");
        }
        version = ignored.digits();
    }

    void text(Label label, String text, int at) throws FrameRejectedException {
        switch (label) {
            case NAME -> ownName = name(label, text, at);
            case BASE_NAME -> baseName = name(label, text, at);
            case UNIT -> ownUnit = text;
            case BASE_UNIT -> baseUnit = text;
            default -> string = text;
        }
        lastText = text;
    }

    private String name(Label label, String text, int at) throws FrameRejectedException {
        if (text.length() > LONGEST_NAME) {
            throw rejected(label.text, at, "is longer than " + LONGEST_NAME + " characters");
        }
        return text;
    }

    void bool(boolean on) {
        bool = on;
    }

    /** The record is complete before this byte. */
    void end(int to) throws FrameRejectedException {
        int values = seen & VALUES;
        if (Integer.bitCount(values) > 1) {
            throw rejected("value", offset, "more than one value in one record");
        }
        boolean ownSum = (seen & Label.SUM.bit) != 0;
        if (values == 0 && !ownSum) {
            if ((seen & ~BASES) == 0 && (seen != 0 || unknown)) {
                checkName(baseName, Label.BASE_NAME.text, true);
                return;
            }
            if (seen == 0 || !hasBaseSum) {
                throw rejected("value", offset, "neither a value nor a sum");
            }
        }
        resolve(values, ownSum);
        if (trail != null) {
            trail.record(this, to);
        }
        sink.record(this);
    }

    private void resolve(int values, boolean ownSum) throws FrameRejectedException {
        resolveName();
        kind = kind(values);
        try {
            if (kind == Kind.NUMBER) {
                value.add(baseValue);
            }
            if (ownSum) {
                sum.add(baseSum);
            } else {
                sum.set(baseSum);
            }
        } catch (ArithmeticException tooLarge) {
            throw rejected("value", offset, "with its base value or sum " + tooLarge.getMessage());
        }
        resolveTime();
    }

    private void resolveName() throws FrameRejectedException {
        // Records of one series repeat the very same names: neither joined nor checked again.
        if (ownName.equals(fullNameOfOwn) && baseName.equals(fullNameOfBase) && !fullName.isEmpty()) {
            return;
        }
        String joined = baseName.isEmpty() ? ownName : ownName.isEmpty() ? baseName : baseName.concat(ownName);
        fullName = "";
        checkName(joined, Label.NAME.text, false);
        fullNameOfOwn = ownName;
        fullNameOfBase = baseName;
        fullName = joined;
    }

    private void checkName(String name, String field, boolean mayBeEmpty) throws FrameRejectedException {
        if (name.isEmpty()) {
            if (mayBeEmpty) {
                return;
            }
            throw rejected(field, offset, "neither a name nor a base name");
        }
        if (name.length() > LONGEST_NAME) {
            throw rejected(field, offset, "is with its base longer than " + LONGEST_NAME + " characters");
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean alphanumeric = c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
            // A slash may begin a name because LwM2M's names are paths (LwM2M Core 1.1, 7.4.4).
            if (!alphanumeric && c != '/' && (i == 0 || c != '-' && c != ':' && c != '.' && c != '_')) {
                throw rejected(field, offset, "may not have the character " + printable(c) + " at position " + i);
            }
        }
    }

    private static String printable(char c) {
        return c > ' ' && c < 127 ? "'" + c + "'" : String.format("U+%04X", (int) c);
    }

    private static Kind kind(int values) {
        if (values == Label.VALUE.bit) {
            return Kind.NUMBER;
        }
        if (values == Label.STRING.bit) {
            return Kind.STRING;
        }
        if (values == Label.BOOLEAN.bit) {
            return Kind.BOOLEAN;
        }
        if (values == Label.DATA.bit) {
            return Kind.DATA;
        }
        return values == Label.LINK.bit ? Kind.LINK : Kind.SUM_ONLY;
    }

    private void resolveTime() throws FrameRejectedException {
        try {
            if ((seen & Label.TIME.bit) == 0) {
                time.set(baseTime);
            } else {
                time.add(baseTime);
            }
            long given = time.toMillis();
            timeMs = given < RELATIVE_BELOW_MS ? Math.addExact(receivedMs, given) : given;
        } catch (ArithmeticException tooLarge) {
            throw rejected(Label.TIME.text, offset, "is no time");
        }
        if (timeMs < 0 || timeMs > LATEST_MS) {
            throw rejected(Label.TIME.text, offset, "is not between the years 1970 and 9999");
        }
    }

    /** A rejection that names the record. */
    FrameRejectedException rejected(String field, int at, String reason) {
        String name = ownName.isEmpty() ? baseName : baseName + ownName;
        String shown = name.length() > 64 ? name.substring(0, 64) + "…" : name;
        StringBuilder safe = new StringBuilder(shown.length());
        shown.chars().forEach(c -> safe.append(c > ' ' && c != 127 ? (char) c : '?'));
        return new FrameRejectedException(
                "record " + index + (safe.isEmpty() ? "" : " (" + safe + ")") + " " + field, at, reason);
    }

    /** The record's number from 0. */
    int index() {
        return index;
    }

    /** Byte where the record begins. */
    int offset() {
        return offset;
    }

    String name() {
        return fullName;
    }

    /** The unit as written; null if there is none. */
    @Nullable
    String unit() {
        return ownUnit != null ? ownUnit : baseUnit;
    }

    Kind kind() {
        return kind;
    }

    /** The number of a {@link Kind#NUMBER}. */
    Decimal value() {
        return value;
    }

    /** Whether there is a sum. */
    boolean hasSum() {
        return hasBaseSum || (seen & Label.SUM.bit) != 0;
    }

    Decimal sum() {
        return sum;
    }

    /** The text of a string, a link, or in JSON of data. */
    String string() {
        return string;
    }

    boolean bool() {
        return bool;
    }

    /** The text read last. */
    String lastText() {
        return lastText;
    }

    /** Milliseconds since 1970, UTC. */
    long timeMs() {
        return timeMs;
    }
}
