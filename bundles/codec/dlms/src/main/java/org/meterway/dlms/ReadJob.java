// SPDX-License-Identifier: EPL-2.0
package org.meterway.dlms;

import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.ZoneId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.meterway.api.channel.Answer;
import org.meterway.api.codec.FrameRejectedException;
import org.meterway.api.line.Dialogue.Done;
import org.meterway.api.line.Dialogue.LineFrame;
import org.meterway.api.reading.Obis;
import org.meterway.dlms.DateTimes.MeterTime;
import org.meterway.dlms.Tables.ScalerUnit;
import org.meterway.dlms.Tables.UnitFactor;

/**
 * Reads objects, each with its scaler and unit. A code does not say which class its object has, so the likely ones are tried; a
 * path of the form {@code class/code/attribute} says it.
 */
final class ReadJob extends Job {
    private static final int OBJECT_UNDEFINED = 4;
    private static final int CLASS_INCONSISTENT = 9;
    private final ZoneId zone;
    private final Deque<String> paths;
    private final Map<String, Object> values = new LinkedHashMap<>();
    private final List<LineFrame> frames = new ArrayList<>();
    private final List<String> refusals = new ArrayList<>();
    private final Deque<List<Descriptor>> candidates = new ArrayDeque<>();
    private final Deque<Getting> steps = new ArrayDeque<>();
    private final List<Getting> answered = new ArrayList<>();
    private String path = "";
    private int lastError;
    private byte @Nullable [] nextBlock;

    ReadJob(List<String> paths, ZoneId zone) {
        this.paths = new ArrayDeque<>(paths);
        this.zone = zone;
        paths.forEach(ReadJob::candidates);
    }

    /** The attributes to ask for at once, the value last; the likelier class first. */
    private static List<List<Descriptor>> candidates(String path) {
        if (path.contains("/")) {
            Descriptor said = Descriptor.parse(path);
            return List.of(said.attribute() == 2 ? attributes(said.classId(), said.obis()) : List.of(said));
        }
        Obis obis = Obis.parse(path);
        int[] classes = {Report.REGISTER, Report.EXTENDED_REGISTER, Report.DEMAND_REGISTER, Report.DATA};
        if (Report.isClock(0, obis)) {
            classes = new int[] {Report.CLOCK};
        } else if (obis.c() == 96 && obis.d() == 3 && obis.e() == 10) {
            classes = new int[] {70, Report.DATA};
        } else if (obis.c() == 99 || obis.c() == 98) {
            classes = new int[] {Report.PROFILE};
        } else if (Report.isNoQuantity(Report.DATA, obis) || obis.c() == 96) {
            classes = new int[] {Report.DATA, Report.REGISTER};
        } else if (obis.d() == 6 || obis.d() == 16 || obis.d() == 26) {
            classes = new int[] {Report.EXTENDED_REGISTER, Report.REGISTER};
        }
        List<List<Descriptor>> candidates = new ArrayList<>();
        for (int classId : classes) {
            candidates.add(attributes(classId, obis));
        }
        return candidates;
    }

    private static List<Descriptor> attributes(int classId, Obis obis) {
        int[] numbers =
                switch (classId) {
                    case Report.REGISTER -> new int[] {3, 2};
                    case Report.EXTENDED_REGISTER -> new int[] {3, 5, 2};
                    case Report.DEMAND_REGISTER -> new int[] {4, 6, 3, 2};
                    case Report.PROFILE -> new int[] {3, 4, 2};
                    default -> new int[] {2};
                };
        List<Descriptor> attributes = new ArrayList<>();
        for (int number : numbers) {
            attributes.add(new Descriptor(classId, obis, number));
        }
        return attributes;
    }

    @Override
    byte @Nullable [] next() {
        byte[] block = nextBlock;
        if (block != null) {
            nextBlock = null;
            return block;
        }
        while (steps.isEmpty()) {
            if (!answered.isEmpty()) {
                complete();
            }
            if (candidates.isEmpty()) {
                if (paths.isEmpty()) {
                    return null;
                }
                path = paths.remove();
                candidates.addAll(candidates(path));
            }
            List<Descriptor> attributes = candidates.remove();
            boolean atOnce =
                    multiple && attributes.size() > 1 && attributes.get(0).classId() != Report.PROFILE;
            if (atOnce) {
                steps.add(new Getting(attributes, new byte[0]));
            } else {
                attributes.forEach(attribute -> steps.add(Getting.one(attribute)));
            }
        }
        return steps.element().request();
    }

    @Override
    void answer(byte[] apdu, byte[] raw) throws FrameRejectedException {
        Getting getting = steps.element();
        nextBlock = getting.take(apdu, raw);
        if (nextBlock == null && getting.of().size() > 1 && getting.raw().length == 0) {
            // The meter offers lists and then does not take them: one by one.
            multiple = false;
            steps.remove();
            getting.of().forEach(attribute -> steps.add(Getting.one(attribute)));
        } else if (nextBlock == null) {
            answered.add(steps.remove());
            int error = getting.results().get(getting.results().size() - 1).error();
            if (error == OBJECT_UNDEFINED || error == CLASS_INCONSISTENT) {
                // Such an object is not there: its other attributes are not either.
                steps.clear();
            }
        }
    }

    /** All attributes of an object were answered. */
    private void complete() {
        Map<Integer, Datum> found = new LinkedHashMap<>();
        ByteArrayOutputStream raw = new ByteArrayOutputStream();
        List<Descriptor> said = new ArrayList<>();
        Descriptor asked = null;
        int error = 0;
        for (Getting getting : answered) {
            raw.writeBytes(getting.raw());
            for (int i = 0; i < getting.results().size(); i++) {
                Getting.Result result = getting.results().get(i);
                asked = getting.of().get(Math.min(i, getting.of().size() - 1));
                said.add(asked);
                Datum value = result.value();
                if (value != null) {
                    found.put(asked.attribute(), value);
                }
                error = result.error();
            }
        }
        answered.clear();
        Datum value = asked == null ? null : found.get(asked.attribute());
        if (asked == null || value == null) {
            boolean other = error == OBJECT_UNDEFINED || error == CLASS_INCONSISTENT;
            if (!other || candidates.isEmpty()) {
                candidates.clear();
                lastError = error;
                refusals.add(path + ": " + OtherServices.accessResult(error));
            }
            return;
        }
        candidates.clear();
        values.put(path, look(value, found.get(asked.classId() == Report.DEMAND_REGISTER ? 4 : 3)));
        frames.add(frame(said.stream().map(Descriptor::toString).collect(Collectors.joining("; ")), raw.toByteArray()));
    }

    /** A value for who asked: a number in its base unit, a time, a text. */
    private Object look(Datum value, @Nullable Datum scalerUnit) {
        if (value.isNumeric()) {
            ScalerUnit of = scalerUnit != null && scalerUnit.isScalerUnit() ? Report.scalerUnit(scalerUnit) : null;
            UnitFactor unit = of == null ? null : Tables.unit(of.unit());
            BigDecimal number = of == null ? value.decimal() : value.decimal().scaleByPowerOfTen(of.scaler());
            BigDecimal base = unit == null
                    ? number
                    : number.multiply(unit.numerator()).divide(unit.denominator(), MathContext.DECIMAL128);
            BigDecimal plain = base.stripTrailingZeros();
            return plain.scale() < 0 ? plain.setScale(0) : plain;
        }
        if (value.tag == Datum.BOOLEAN) {
            return value.number != 0;
        }
        if (value.tag == Datum.ENUM) {
            return value.number;
        }
        if (value.hasOctets() && value.octets().length == 12) {
            try {
                MeterTime time = DateTimes.of(value.octets(), value.source, value.from, zone);
                if (time != null) {
                    return time.instant();
                }
            } catch (FrameRejectedException noTime) {
                // Twelve bytes of something else.
            }
        }
        return value.isText() ? value.text() : value.toString();
    }

    @Override
    Done done() {
        boolean success = !values.isEmpty() || refusals.isEmpty();
        return new Done(
                new Answer(success, success ? "2.05" : coap(lastError), String.join("; ", refusals), values, ""),
                frames);
    }
}
