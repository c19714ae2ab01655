// SPDX-License-Identifier: EPL-2.0
package org.meterway.dlt645;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import org.meterway.api.codec.FrameRejectedException;
import org.meterway.api.reading.Obis;

/**
 * Load records, identifiers 06xxxxxx, in their two formats: blocks of records with up to six classes of values (2007: annex B), and
 * curves of one quantity behind the time of the first value (supplement to the 2007 edition).
 */
final class LoadRecords {
    private static final Format TIME = Format.parse("YYMMDDhhmm");
    private static final int HEAD = 0xA0;
    private static final int SEPARATOR = 0xAA;
    private static final int TAIL = 0xE5;
    private static final int HEAD_LENGTH = 3;
    private static final int CLASSES = 6;
    private final Decoding decoding;

    LoadRecords(Decoding decoding) {
        this.decoding = decoding;
    }

    /** Whether these are blocks of records: 060n000x. */
    static boolean blocks(int di) {
        return (di & 0xFF00FFFC) == 0x06000000 && (di >>> 16 & 0xFF) <= CLASSES;
    }

    /** Whether this is a curve: 0610xxxx. */
    static boolean curve(int di) {
        return di >>> 16 == 0x0610;
    }

    /** Decodes records one after the other: A0 A0, length, time, classes each ended by AA, checksum, E5. */
    void blocks(int di, Run run, int from, int to, boolean whole) throws FrameRejectedException {
        int only = di >>> 16 & 0xFF;
        int at = from;
        while (at < to) {
            if (run.filled(at, to - at, SEPARATOR) || Values.absent(run, at, to - at)) {
                decoding.output().field(run, at, to - at, "no more records");
                return;
            }
            int tail = to - at < HEAD_LENGTH ? -1 : tail(run, at, to);
            if (tail < 0) {
                if (!whole) {
                    decoding.output().field(run, at, to - at, "to be continued: " + run.wire(at, to));
                    return;
                }
                throw refuse(run, at, to);
            }
            record(only, run, at, tail);
            at = tail + 1;
        }
    }

    /** What is wrong with a record. */
    private static FrameRejectedException refuse(Run run, int at, int to) {
        for (int i = 0; i < 2; i++) {
            if (at + i < to && run.at(at + i) != HEAD) {
                return run.rejected("load record start", at + i, "must be A0, is " + LinkFrame.hex(run.at(at + i)));
            }
        }
        if (to - at < HEAD_LENGTH + TIME.bytes() + 2 || at + HEAD_LENGTH + run.at(at + 2) + 2 > to) {
            return run.rejected("load record", to, "ends after " + (to - at) + " bytes");
        }
        int checksum = at + HEAD_LENGTH + run.at(at + 2);
        return run.rejected(
                "load record checksum",
                checksum,
                "is " + LinkFrame.hex(run.at(checksum)) + ", the record sums up to "
                        + LinkFrame.hex(sum(run, at, checksum)));
    }

    /**
     * Index of a record's E5: where its length says or, because meters count differently, the first one behind a right checksum; −1 if
     * there is none.
     */
    private static int tail(Run run, int at, int to) {
        if (run.at(at) != HEAD || run.at(at + 1) != HEAD) {
            return -1;
        }
        int first = at + HEAD_LENGTH + TIME.bytes() + 1;
        int said = at + HEAD_LENGTH + run.at(at + 2) + 1;
        if (said >= first && said < to && run.at(said) == TAIL && run.at(said - 1) == sum(run, at, said - 1)) {
            return said;
        }
        int sum = sum(run, at, Math.min(first - 1, to));
        for (int i = first; i < to; i++) {
            if (run.at(i) == TAIL && run.at(i - 1) == sum) {
                return i;
            }
            sum = sum + run.at(i - 1) & 0xFF;
        }
        return -1;
    }

    private static int sum(Run run, int from, int to) {
        int sum = 0;
        for (int i = from; i < to; i++) {
            sum += run.at(i);
        }
        return sum & 0xFF;
    }

    private void record(int only, Run run, int at, int tail) throws FrameRejectedException {
        Output output = decoding.output();
        output.field(run, at, 2, "load record");
        output.field(run, at + 2, 1, "length: " + run.at(at + 2));
        int from = at + HEAD_LENGTH;
        LocalDateTime local = Values.dateTime(run, from, TIME, "load record time")
                .orElseThrow(() -> run.rejected("load record time", from, "is none"));
        output.field(run, from, TIME.bytes(), "load record time: " + local);
        Decoding.When when = new Decoding.When(decoding.instant(local), 0);
        List<int[]> groups = groups(run, from + TIME.bytes(), tail - 1);
        long filled = groups.stream().filter(group -> group[1] > group[0]).count();
        for (int i = 0; i < groups.size(); i++) {
            int[] group = groups.get(i);
            // A record of one class may come without the empty places of the others.
            boolean alone = only > 0 && filled == 1 && groups.size() < CLASSES;
            group(alone ? only : i + 1, run, group[0], group[1], when);
            if (group[1] < tail - 1) {
                output.field(run, group[1], 1, "separator");
            }
        }
        output.field(run, tail - 1, 1, "checksum");
        output.field(run, tail, 1, "end of the record");
    }

    private static List<int[]> groups(Run run, int from, int to) {
        List<int[]> groups = new ArrayList<>();
        int start = from;
        for (int i = from; i < to; i++) {
            if (run.at(i) == SEPARATOR) {
                groups.add(new int[] {start, i});
                start = i + 1;
            }
        }
        if (start < to) {
            groups.add(new int[] {start, to});
        }
        return groups;
    }

    private void group(int number, Run run, int from, int to, Decoding.When when) throws FrameRejectedException {
        if (from == to) {
            return;
        }
        for (String name : List.of("class" + number, "class" + number + "s")) {
            Layout layout = DataTable.OF_2007.named(name);
            if (layout != null && layout.length() == to - from) {
                decoding.items(layout, new Variables(), run, from, to, "load record", true, when);
                return;
            }
        }
        decoding.output().unnamed("load record class " + number);
        decoding.output().field(run, from, to - from, "load record class " + number + ": " + run.wire(from, to));
    }

    /**
     * Decodes a curve: the time of the first point, then points. How far they are apart is a parameter of the meter that the answer
     * does not say; the model's register knows it. Without it only the first point has a time.
     */
    void curve(DataTable.Meaning meaning, Run run, int from, int to, boolean whole) throws FrameRejectedException {
        String name = meaning.entry().name();
        if (from == to) {
            return;
        }
        run.require(from, TIME.bytes(), name);
        LocalDateTime local = Values.dateTime(run, from, TIME, name)
                .orElseThrow(() -> run.rejected(name, from, "the time of the first value is none"));
        decoding.output().field(run, from, TIME.bytes(), "first value at: " + local);
        Layout layout = meaning.entry().layout();
        Variables variables = meaning.match().variables();
        int block = meaning.match().block();
        int lowest = block < 0 ? 0 : Variables.lowest(block);
        int highest = block < 0 ? 0 : Variables.highest(block);
        Duration step = step(layout, variables);
        Instant time = decoding.instant(local);
        int at = from + TIME.bytes();
        while (at < to) {
            for (int value = lowest; value <= highest && at < to; value++) {
                if (block >= 0) {
                    variables.set(block, value);
                }
                if (to - at < layout.length() && !whole) {
                    decoding.output().field(run, at, to - at, "to be continued: " + run.wire(at, to));
                    return;
                }
                String label = block < 0 ? name : name + " " + value;
                at = decoding.items(layout, variables, run, at, to, label, whole, new Decoding.When(time, 0));
            }
            if (step.isZero() && at < to) {
                decoding.output().unnamed(name + ", later values: the model of the meter names no interval");
                decoding.output().field(run, at, to - at, "later values, interval unknown: " + run.wire(at, to));
                return;
            }
            time = time.plus(step);
        }
    }

    private Duration step(Layout layout, Variables variables) {
        ObisTemplate template = layout.items().get(0).obis();
        Obis obis = template == null ? null : template.of(variables);
        return obis == null ? Duration.ZERO : decoding.output().interval(obis);
    }
}
