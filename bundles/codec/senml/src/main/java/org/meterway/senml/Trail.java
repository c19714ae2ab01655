// SPDX-License-Identifier: EPL-2.0
package org.meterway.senml;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.meterway.api.codec.DecodeContext;
import org.meterway.api.codec.Field;

/** What was read at which byte of a pack, for a trace. A record comes before the fields in it. One per frame. */
final class Trail {
    private static final int LONGEST_TEXT = 128;

    private final List<Field> fields = new ArrayList<>();

    /** A field of a record: its label and what stands there, before any base is added. */
    void field(Label label, Pack pack, int from, int to) {
        String name = label.name().toLowerCase(Locale.ROOT).replace('_', ' ');
        add(from, to, name + ": " + shortened(value(label, pack)));
    }

    private static String value(Label label, Pack pack) {
        return switch (label) {
            case BASE_NAME, BASE_UNIT, NAME, UNIT, STRING, LINK -> pack.lastText();
            case BOOLEAN -> Boolean.toString(pack.bool());
            case DATA -> "opaque";
            default -> pack.number(label).toBigDecimal().toString();
        };
    }

    /** A whole record as it is resolved. */
    void record(Pack pack, int to) {
        String what = pack.kind() == Pack.Kind.NUMBER
                ? " = " + pack.value().toBigDecimal() + (pack.unit() == null ? "" : " " + pack.unit())
                : "";
        add(
                pack.offset(),
                to,
                "record " + pack.index() + ": " + pack.name() + shortened(what) + " at "
                        + Instant.ofEpochMilli(pack.timeMs()));
    }

    /** Something that is passed over. */
    void skipped(String what, int from, int to) {
        add(from, to, shortened(what) + ": not understood, passed over");
    }

    private void add(int from, int to, String meaning) {
        fields.add(Field.of(from, Math.max(to - from, 0), meaning));
    }

    private static String shortened(String text) {
        return text.length() > LONGEST_TEXT ? text.substring(0, LONGEST_TEXT) + "…" : text;
    }

    void tell(DecodeContext context) {
        fields.sort(Comparator.comparingInt(Field::offset)
                .thenComparing(Comparator.comparingInt(Field::length).reversed()));
        fields.forEach(context::field);
    }
}
