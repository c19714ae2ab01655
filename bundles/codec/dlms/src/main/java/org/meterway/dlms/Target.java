// SPDX-License-Identifier: EPL-2.0
package org.meterway.dlms;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.meterway.api.codec.FrameRejectedException;
import org.meterway.dlms.Tables.ScalerUnit;

/**
 * What answers are about, told beside the frame, because a GET response does not say so. Items separated by semicolons, in the
 * order of the answers: attributes as {@link Descriptor}, each with options after blanks:
 *
 * <pre>
 * title=4D4D4D0000BC614E; 3/1-0:1.8.0/2 scaler=3 unit=30; 7/1-0:99.1.0/2 period=900 columns=8/0-0:1.0.0/2,3/1-0:1.8.0/2/0/30
 * </pre>
 *
 * {@code title} is the system title of who answers; {@code scaler} and {@code unit} (code of the enumeration) are a register's;
 * {@code period} is a profile's capture period in seconds and {@code columns} its capture objects, a register's with scaler and
 * unit. What the answers themselves say of scalers, units, capture objects and period wins.
 */
final class Target {
    private static final int LONGEST = 16_384;
    private final List<Item> items;
    private final byte @Nullable [] title;

    private record Item(
            Descriptor descriptor, @Nullable ScalerUnit scalerUnit, long periodSeconds, List<Item> columns) {}

    private Target(List<Item> items, byte @Nullable [] title) {
        this.items = items;
        this.title = title;
    }

    /** Of the text form; an empty text says nothing. */
    static Target parse(String text) throws FrameRejectedException {
        if (text.length() > LONGEST) {
            throw new FrameRejectedException("target", -1, "has more than " + LONGEST + " characters");
        }
        List<Item> items = new ArrayList<>();
        byte[] title = null;
        try {
            for (String part : text.split(";")) {
                String item = part.strip();
                if (item.startsWith("title=")) {
                    title = HexFormat.of().parseHex(item.substring(6));
                    if (title.length != Gcm.TITLE) {
                        throw new IllegalArgumentException("a title has " + Gcm.TITLE + " bytes");
                    }
                } else if (!item.isEmpty()) {
                    items.add(item(item));
                }
            }
        } catch (IllegalArgumentException wrong) {
            throw new FrameRejectedException("target", -1, String.valueOf(wrong.getMessage()));
        }
        return new Target(items, title);
    }

    private static Item item(String text) {
        String[] words = text.split("\\s+");
        Descriptor descriptor = Descriptor.parse(words[0]);
        Integer scaler = null;
        Integer unit = null;
        long period = 0;
        List<Item> columns = new ArrayList<>();
        for (int i = 1; i < words.length; i++) {
            String[] option = words[i].split("=", 2);
            String value = option.length == 2 ? option[1] : "";
            switch (option[0]) {
                case "scaler" -> scaler = Integer.valueOf(value);
                case "unit" -> unit = Integer.valueOf(value);
                case "period" -> period = Long.parseLong(value);
                case "columns" -> {
                    for (String column : value.split(",")) {
                        columns.add(column(column));
                    }
                }
                default -> throw new IllegalArgumentException("unknown option '" + words[i] + "'");
            }
        }
        return new Item(descriptor, scalerUnit(scaler, unit), period, columns);
    }

    private static Item column(String text) {
        String[] parts = text.split("/");
        if (parts.length == 5) {
            return new Item(
                    Descriptor.parse(parts[0] + "/" + parts[1] + "/" + parts[2]),
                    scalerUnit(Integer.valueOf(parts[3]), Integer.valueOf(parts[4])),
                    0,
                    List.of());
        }
        return new Item(Descriptor.parse(text), null, 0, List.of());
    }

    private static @Nullable ScalerUnit scalerUnit(@Nullable Integer scaler, @Nullable Integer unit) {
        if (unit == null) {
            return null;
        }
        int power = scaler == null ? 0 : scaler;
        if (power < -128 || power > 127) {
            throw new IllegalArgumentException("scaler out of range: " + power);
        }
        return new ScalerUnit(power, unit);
    }

    List<Descriptor> descriptors() {
        return items.stream().map(Item::descriptor).toList();
    }

    byte @Nullable [] title() {
        return title;
    }

    /** Tells a report what is known of the objects. */
    void tell(Report report) {
        for (Item item : items) {
            scaler(report, item);
            if (!item.columns.isEmpty() || item.periodSeconds > 0) {
                item.columns.forEach(column -> scaler(report, column));
                report.layout(
                        item.descriptor.obis(),
                        item.columns.stream()
                                .map(column -> new Profile.Column(
                                        column.descriptor.classId(),
                                        column.descriptor.obis(),
                                        column.descriptor.attribute()))
                                .toList(),
                        item.periodSeconds);
            }
        }
    }

    private static void scaler(Report report, Item item) {
        if (item.scalerUnit != null) {
            report.scaler(item.descriptor.classId(), item.descriptor.obis(), item.scalerUnit);
        }
    }
}
