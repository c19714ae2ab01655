// SPDX-License-Identifier: EPL-2.0
package org.meterway.mbus;

import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.meterway.api.codec.DecodeContext;
import org.meterway.api.codec.Field;
import org.meterway.api.codec.FrameRejectedException;
import org.meterway.mbus.DataRecord.Function;

/** Reads the fixed data structure of old meters (EN 1434-3:1997, 5.3; EN 13757-3:2004, annex G): two counters. */
final class FixedData {
    private static final int LENGTH = 16;
    private static final int SAME_BUT_STORED = 0x3e;
    /** Units of counters, one after the other from code 2 on: what the decade begins with in the primary VIF table. */
    private static final int[][] DECADES = {
        {0x02, 0x03}, // Wh to MWh
        {0x0b, 0x0b}, // kJ to GJ
        {0x14, 0x2b}, // W to MW
        {0x1d, 0x33}, // kJ/h to GJ/h
        {0x26, 0x10}, // ml to m3
        {0x2f, 0x38} // ml/h to m3/h
    };

    private final byte[] bytes;
    private final DecodeContext context;

    FixedData(byte[] bytes, DecodeContext context) {
        this.bytes = bytes;
        this.context = context;
    }

    Header read(int at, int end, boolean highByteFirst, ReadingsBuilder readings) throws FrameRejectedException {
        if (end - at != LENGTH) {
            throw new FrameRejectedException("fixed data", at, "has " + LENGTH + " bytes, there are " + (end - at));
        }
        int status = bytes[at + 5] & 0xff;
        int first = bytes[at + (highByteFirst ? 7 : 6)] & 0xff;
        int second = bytes[at + (highByteFirst ? 6 : 7)] & 0xff;
        int medium = medium(first >> 6 | second >> 6 << 2);
        boolean binary = (status & 1) != 0;
        Header header = new Header(at, Header.identification(bytes, at, highByteFirst), "", 0, medium);
        field(at, 4, "identification: " + header.identification());
        field(at + 4, 1, "access number: " + (bytes[at + 4] & 0xff));
        field(
                at + 5,
                1,
                "status: " + Hex.of(status) + (binary ? " counters binary" : " counters BCD")
                        + ((status & 2) != 0 ? ", stored at a fixed date" : ", actual values"));
        field(
                at + 6,
                2,
                "medium and units: " + Hex.of(bytes, at + 6, at + 8) + " "
                        + Tables.medium(medium).name());
        String group = Tables.medium(medium).group();
        int stored = (status & 2) != 0 ? 1 : 0;
        DataRecord one = counter(at + 8, first & 0x3f, binary, highByteFirst, stored);
        boolean same = (second & 0x3f) == SAME_BUT_STORED;
        DataRecord two =
                counter(at + 12, same ? first & 0x3f : second & 0x3f, binary, highByteFirst, same ? 1 : stored);
        trace(one, group);
        trace(two, group);
        readings.add(List.of(one, two), group);
        return header;
    }

    /** Device types of the fixed structure have four bits: nine as in the variable one, then five of them again. */
    private static int medium(int code) {
        return switch (code) {
            case 0x0a -> 0x03;
            case 0x0b -> 0x04;
            case 0x0c -> 0x06;
            case 0x0d -> 0x07;
            case 0x0e -> 0x08;
            case 0x09, 0x0f -> 0x0f;
            default -> code;
        };
    }

    private static Vif unit(int code) {
        for (int[] decade : DECADES) {
            int step = code - decade[0];
            if (step >= 0 && step < 9) {
                Vif base = Tables.vif("main", decade[1]);
                return base == null ? Vif.named("reserved", "Reserved unit") : scaled(base, step);
            }
        }
        return switch (code) {
            case 0x38 -> Tables.vif("main", 0x58);
            case 0x39 -> Tables.vif("main", 0x6e);
            default ->
                new Vif(
                        "reserved",
                        "Counter with unit code " + Hex.of(code),
                        Vif.Kind.NUMBER,
                        "",
                        BigDecimal.ONE,
                        1,
                        false);
        };
    }

    private static Vif scaled(Vif base, int power) {
        return new Vif(
                base.quantity(),
                base.name(),
                base.kind(),
                base.unit(),
                base.factor().scaleByPowerOfTen(power),
                base.divisor(),
                false);
    }

    private DataRecord counter(int at, int unit, boolean binary, boolean highByteFirst, int storage) {
        Vif vif = unit(unit);
        String digits = Header.identification(bytes, at, highByteFirst);
        @Nullable BigDecimal number;
        if (binary) {
            number = BigDecimal.valueOf(Long.parseLong(digits, 16));
        } else {
            number = digits.chars().allMatch(Character::isDigit) ? new BigDecimal(digits) : null;
        }
        Vif.Scaled scaled = number == null ? null : vif.scale(number);
        String text = scaled == null
                ? "not a number (" + digits + ")"
                : scaled.value().toPlainString() + vif.suffix();
        return new DataRecord(
                at,
                at,
                at + 4,
                binary ? "32 bit integer" : "8 digit BCD",
                Function.INSTANTANEOUS,
                storage,
                0,
                0,
                vif,
                "plain",
                List.of(),
                scaled == null ? null : scaled.value(),
                text,
                null,
                scaled != null && scaled.rounded());
    }

    private void trace(DataRecord record, String group) {
        if (context.traced()) {
            String obis = record.value() == null
                    ? ""
                    : Obises.of(group, record).map(code -> " = " + code).orElse("");
            field(record.offset(), 4, record.meaning() + obis);
        }
    }

    private void field(int offset, int length, String meaning) {
        if (context.traced()) {
            context.field(Field.of(offset, length, meaning));
        }
    }
}
