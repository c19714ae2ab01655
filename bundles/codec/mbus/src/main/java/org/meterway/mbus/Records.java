// SPDX-License-Identifier: EPL-2.0
package org.meterway.mbus;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.meterway.api.codec.DecodeContext;
import org.meterway.api.codec.Field;
import org.meterway.api.codec.FrameRejectedException;
import org.meterway.mbus.DataRecord.Function;

/** Reads the data records of a variable data structure (EN 13757-3, 6). One per telegram. */
final class Records {
    private static final int MOST_DIFES = 10;
    private static final int[] SIZES = {0, 1, 2, 3, 4, 4, 6, 8, 0, 1, 2, 3, 4, -1, 6};
    private static final String[] CODINGS = {
        "no data", "8 bit integer", "16 bit integer", "24 bit integer", "32 bit integer", "32 bit real",
        "48 bit integer", "64 bit integer", "selection for readout", "2 digit BCD", "4 digit BCD", "6 digit BCD",
        "8 digit BCD", "variable length", "12 digit BCD"
    };
    private static final int LVAR = 0x0d;
    private static final int REAL = 0x05;

    private final byte[] bytes;
    private final int end;
    private final boolean highByteFirst;
    private final String part;
    private final DecodeContext context;
    private final List<DataRecord> records = new ArrayList<>();
    private String group;
    private boolean moreFollow;

    /**
     * @param end after the last byte of the records
     * @param highByteFirst whether numbers come with their highest byte first (CI field 76)
     * @param part of the trace
     * @param group of the medium, as in obis.tsv
     */
    Records(byte[] bytes, int end, boolean highByteFirst, String part, String group, DecodeContext context) {
        this.bytes = bytes;
        this.end = end;
        this.highByteFirst = highByteFirst;
        this.part = part;
        this.group = group;
        this.context = context;
    }

    /** All records from this byte on. */
    List<DataRecord> read(int from) throws FrameRejectedException {
        int at = from;
        while (at < end) {
            int dif = bytes[at] & 0xff;
            if ((dif & 0x0f) == 0x0f) {
                at = special(at, dif);
            } else {
                DataRecord record = record(at);
                records.add(record);
                if (record.vif().quantity().equals("medium") && group.equals("none") && record.value() != null) {
                    group = Tables.medium(record.value().intValue()).group();
                }
                trace(record);
                at = record.end();
            }
        }
        return records;
    }

    /** The group of the medium after all records: a meter without header may name its medium in one. */
    String group() {
        return group;
    }

    /** Whether the meter has more records in its next telegram. */
    boolean moreFollow() {
        return moreFollow;
    }

    private int special(int at, int dif) throws FrameRejectedException {
        switch (dif) {
            case 0x0f, 0x1f -> {
                moreFollow = dif == 0x1f;
                field(at, 1, moreFollow ? "DIF 1F: More records follow" : "DIF 0F: Manufacturer specific data");
                if (end > at + 1) {
                    field(at + 1, end - at - 1, "Manufacturer specific: " + Hex.of(bytes, at + 1, end));
                }
                return end;
            }
            case 0x2f -> {
                int next = at;
                while (next < end && bytes[next] == 0x2f) {
                    next++;
                }
                field(at, next - at, "DIF 2F: idle filler");
                return next;
            }
            case 0x7f -> {
                field(at, 1, "DIF 7F: global readout request");
                return at + 1;
            }
            default -> throw new FrameRejectedException("DIF", at, Hex.of(dif) + " is reserved");
        }
    }

    private DataRecord record(int offset) throws FrameRejectedException {
        int at = offset;
        int dif = bytes[at++] & 0xff;
        long storage = dif >> 6 & 1;
        int tariff = 0;
        int subunit = 0;
        boolean more = (dif & 0x80) != 0;
        for (int dife = 0; more; dife++) {
            if (dife == MOST_DIFES) {
                throw new FrameRejectedException("DIFE", at, "more than " + MOST_DIFES + " DIFEs");
            }
            if (at >= end) {
                throw new FrameRejectedException("DIFE", at, "the telegram ends where a DIFE is expected");
            }
            int code = bytes[at++] & 0xff;
            storage |= (long) (code & 0x0f) << 1 + 4 * dife;
            tariff |= (code >> 4 & 3) << 2 * dife;
            subunit |= (code >> 6 & 1) << dife;
            more = (code & 0x80) != 0;
        }
        Vib vib = Vib.read(bytes, at, end);
        int coding = dif & 0x0f;
        int dataOffset = vib.end();
        int length = SIZES[coding];
        if (coding == LVAR) {
            length = 1 + variableLength(dataOffset);
        }
        if (length > end - dataOffset) {
            throw new FrameRejectedException(
                    "data of " + vib.vif().name(),
                    dataOffset,
                    CODINGS[coding] + " needs " + length + " bytes, " + (end - dataOffset) + " are left");
        }
        Data data = data(coding, dataOffset, length, vib);
        return new DataRecord(
                offset,
                dataOffset,
                dataOffset + length,
                CODINGS[coding],
                Function.values()[dif >> 4 & 3],
                storage,
                tariff,
                subunit,
                vib.vif(),
                vib.of(),
                vib.remarks(),
                data.value,
                data.text,
                data.time,
                data.rounded);
    }

    /** Bytes after the LVAR byte. */
    private int variableLength(int at) throws FrameRejectedException {
        if (at >= end) {
            throw new FrameRejectedException("LVAR", at, "the telegram ends where an LVAR is expected");
        }
        int lvar = bytes[at] & 0xff;
        if (lvar <= 0xbf) {
            return lvar;
        }
        if (lvar <= 0xc9 || lvar >= 0xd0 && lvar <= 0xd9 || lvar >= 0xe0 && lvar <= 0xef) {
            return lvar & 0x0f;
        }
        if (lvar >= 0xf0 && lvar <= 0xf6) {
            return lvar == 0xf6 ? 64 : lvar == 0xf5 ? 48 : 4 * (lvar - 0xec);
        }
        throw new FrameRejectedException("LVAR", at, Hex.of(lvar) + " is reserved");
    }

    /** What the data of a record say. */
    private record Data(@Nullable BigDecimal value, String text, @Nullable MeterTime time, boolean rounded) {
        Data(String text) {
            this(null, text, null, false);
        }
    }

    private Data data(int coding, int offset, int length, Vib vib) throws FrameRejectedException {
        Vif vif = vib.vif();
        if (vif.kind() == Vif.Kind.SECRET) {
            return new Data(length == 0 ? "none" : "not shown");
        }
        if (length == 0) {
            return new Data(CODINGS[coding]);
        }
        int from = coding == LVAR ? offset + 1 : offset;
        int size = coding == LVAR ? length - 1 : length;
        int lvar = coding == LVAR ? bytes[offset] & 0xff : 0;
        if (coding == LVAR && lvar <= 0xbf) {
            return new Data(highByteFirst ? Text.inOrder(bytes, from, size) : Text.reversed(bytes, from, size));
        }
        byte[] raw = lowByteFirst(from, size);
        if (coding == REAL) {
            return real(raw, vib);
        }
        if (coding >= 0x09 && coding != LVAR || coding == LVAR && lvar < 0xe0) {
            return bcd(raw, vib, coding == LVAR && lvar >= 0xd0);
        }
        if (vif.kind() == Vif.Kind.DATE && coding != LVAR && MeterTime.isLength(size)) {
            try {
                MeterTime time = MeterTime.read(raw, 0, size);
                return new Data(null, time.text(), time, false);
            } catch (DateTimeException impossible) {
                throw new FrameRejectedException(vif.name(), offset, "no such time: " + impossible.getMessage());
            }
        }
        if (size > 8) {
            byte[] high = reversed(raw);
            return new Data(Hex.of(high, 0, size));
        }
        return integer(raw, vib);
    }

    private byte[] lowByteFirst(int from, int size) {
        byte[] raw = Arrays.copyOfRange(bytes, from, from + size);
        return highByteFirst ? reversed(raw) : raw;
    }

    private static byte[] reversed(byte[] raw) {
        byte[] high = new byte[raw.length];
        for (int i = 0; i < raw.length; i++) {
            high[i] = raw[raw.length - 1 - i];
        }
        return high;
    }

    private static Data integer(byte[] raw, Vib vib) {
        long signed = 0;
        for (int i = raw.length - 1; i >= 0; i--) {
            signed = signed << 8 | raw[i] & 0xff;
        }
        int unused = 64 - 8 * raw.length;
        if (vib.vif().kind() != Vif.Kind.NUMBER) {
            return named(vib, new BigDecimal(new BigInteger(Long.toUnsignedString(signed))));
        }
        signed = raw.length == 0 ? 0 : signed << unused >> unused;
        // The lowest number has no positive counterpart: type B uses it for "not valid".
        if (raw.length > 0 && signed == Long.MIN_VALUE >> unused) {
            return new Data("not valid (" + signed + ")");
        }
        return scaled(vib, BigDecimal.valueOf(signed), false);
    }

    private static Data named(Vib vib, BigDecimal number) {
        String text = number.toPlainString();
        if (vib.vif().quantity().equals("medium")) {
            text += " (" + Tables.medium(number.intValue()).name() + ")";
        }
        return new Data(number, text, null, false);
    }

    private static Data real(byte[] raw, Vib vib) {
        int bits = raw[0] & 0xff | (raw[1] & 0xff) << 8 | (raw[2] & 0xff) << 16 | raw[3] << 24;
        float number = Float.intBitsToFloat(bits);
        if (Float.isNaN(number) || Float.isInfinite(number)) {
            return new Data("not valid (" + number + ")");
        }
        return scaled(vib, new BigDecimal(Float.toString(number)), true);
    }

    /** Binary coded decimal; F in the highest digit is a minus, other letters are what a display shows of an error. */
    private static Data bcd(byte[] raw, Vib vib, boolean negative) {
        StringBuilder digits = new StringBuilder(2 * raw.length);
        for (int i = raw.length - 1; i >= 0; i--) {
            digits.append(Hex.of(raw[i]));
        }
        boolean minus = digits.length() > 0 && digits.charAt(0) == 'F';
        String number = minus ? digits.substring(1) : digits.toString();
        for (int i = 0; i < number.length(); i++) {
            if (number.charAt(i) > '9') {
                return new Data("not a number (" + digits + ")");
            }
        }
        BigDecimal value = number.isEmpty() ? BigDecimal.ZERO : new BigDecimal(number);
        if (minus != negative) {
            value = value.negate();
        }
        if (vib.vif().kind() != Vif.Kind.NUMBER && !minus) {
            return new Data(value, number, null, false);
        }
        return scaled(vib, value, false);
    }

    private static Data scaled(Vib vib, BigDecimal number, boolean rounded) {
        Vif.Scaled scaled = vib.vif().scale(number);
        BigDecimal value = scaled.value().add(vib.addend());
        String text = plain(value) + vib.vif().suffix();
        return new Data(value, text, null, rounded || scaled.rounded());
    }

    private static String plain(BigDecimal value) {
        BigDecimal stripped = value.stripTrailingZeros();
        return (stripped.scale() < 0 ? stripped.setScale(0) : stripped).toPlainString();
    }

    private void trace(DataRecord record) {
        if (!context.traced()) {
            return;
        }
        String meaning = record.meaning();
        String obis = record.value() == null
                ? ""
                : Obises.of(group, record).map(code -> " = " + code).orElse("");
        String header = "DIF/VIF " + Hex.of(bytes, record.offset(), record.dataOffset()) + ": " + record.coding();
        if (record.end() == record.dataOffset()) {
            field(record.offset(), record.end() - record.offset(), header + "; " + meaning);
        } else {
            field(
                    record.offset(),
                    record.dataOffset() - record.offset(),
                    header + ", " + record.vif().name());
            field(record.dataOffset(), record.end() - record.dataOffset(), meaning + obis);
        }
    }

    private void field(int offset, int length, String meaning) {
        if (context.traced()) {
            context.field(new Field(part, offset, length, meaning));
        }
    }
}
