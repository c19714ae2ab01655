// SPDX-License-Identifier: EPL-2.0
package org.meterway.dlms;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.meterway.api.codec.FrameRejectedException;
import org.meterway.api.reading.Obis;
import org.meterway.dlms.DateTimes.MeterTime;
import org.meterway.dlms.Tables.ScalerUnit;

/**
 * Attributes of COSEM objects that belong together: of one notification, or of all answers of a frame. What their values mean is
 * known only when all are there, because scalers, capture objects and the clock may come later than what they are of.
 */
final class Report {
    static final int DATA = 1;
    static final int REGISTER = 3;
    static final int EXTENDED_REGISTER = 4;
    static final int DEMAND_REGISTER = 5;
    static final int PROFILE = 7;
    static final int CLOCK = 8;
    private final ReadingsSink sink;
    private final ZoneId zone;
    private final Instant receivedAt;
    private final List<Attribute> attributes = new ArrayList<>();
    private final Map<String, ScalerUnit> scalers = new HashMap<>();
    private final Map<String, Datum> values = new HashMap<>();
    private final Map<Obis, Layout> layouts = new HashMap<>();
    private @Nullable MeterTime time;
    private @Nullable MeterTime clock;
    private String maker = "";

    /**
     * A value and whose it is.
     *
     * @param classId interface class, 0 if the message does not say
     * @param attribute number, 2 if the message does not say
     */
    private record Attribute(int classId, Obis obis, int attribute, Datum value, @Nullable ScalerUnit scalerUnit) {}

    /** The columns of a profile and its capture period, 0 if unknown. */
    private record Layout(List<Profile.Column> columns, long periodSeconds) {}

    Report(ReadingsSink sink, ZoneId zone, Instant receivedAt) {
        this.sink = sink;
        this.zone = zone;
        this.receivedAt = receivedAt;
    }

    /** The time the message says of itself. */
    void time(@Nullable MeterTime of) {
        if (time == null) {
            time = of;
        }
    }

    /** Whose defaults count, see {@code defaults.tsv}; the first to say so is believed, empty says nothing. */
    void maker(String letters) {
        if (maker.isEmpty()) {
            maker = letters;
        }
    }

    String maker() {
        return maker;
    }

    /** A value of an object whose class is not said. */
    void value(Obis obis, Datum value, @Nullable ScalerUnit scalerUnit) throws FrameRejectedException {
        attribute(0, obis, 2, value, scalerUnit);
    }

    /** An attribute; attribute 0 is all of them in a structure. */
    void attribute(int classId, Obis obis, int attribute, Datum value, @Nullable ScalerUnit scalerUnit)
            throws FrameRejectedException {
        if (attribute == 0 && value.isCollection()) {
            for (int i = 0; i < value.items.size(); i++) {
                attribute(classId, obis, i + 1, value.items.get(i), scalerUnit);
            }
            return;
        }
        if (value.isScalerUnit() && (classId != DEMAND_REGISTER ? attribute == 3 : attribute == 4)) {
            scaler(classId, obis, scalerUnit(value));
            return;
        }
        if (isClock(classId, obis) && attribute == 2) {
            MeterTime said = time(value);
            if (clock == null) {
                clock = said;
            }
            return;
        }
        if (obis.a() == 0 && attribute == 2 && value.isText()) {
            named(obis, value.text());
        }
        values.put(classId + "/" + obis + "/" + attribute, value);
        attributes.add(new Attribute(classId, obis, attribute, value, scalerUnit));
    }

    /** The logical device name begins with the maker's letters, an identifier of DIN 43863-5 with the medium and them. */
    private void named(Obis obis, String text) {
        int from = obis.c() == 42 ? 0 : obis.c() == 96 && obis.d() == 1 ? 1 : text.length();
        if (text.length() >= from + 3 && text.substring(from, from + 3).matches("[A-Z]{3}")) {
            maker(text.substring(from, from + 3));
        }
    }

    /** The scaler and unit of an object's values. */
    void scaler(int classId, Obis obis, ScalerUnit scalerUnit) {
        scalers.put(classId + "/" + obis, scalerUnit);
    }

    /** The columns of a profile, told beside the message; what the meter itself says wins. */
    void layout(Obis profile, List<Profile.Column> columns, long periodSeconds) {
        layouts.put(profile, new Layout(columns, periodSeconds));
    }

    static ScalerUnit scalerUnit(Datum structure) {
        return new ScalerUnit((int) structure.items.get(0).number, (int) structure.items.get(1).number);
    }

    static boolean isClock(int classId, Obis obis) {
        return classId == CLOCK || classId == 0 && obis.a() == 0 && obis.c() == 1 && obis.d() == 0 && obis.e() == 0;
    }

    /** The time a value holds: a date-time in any of its forms, or seconds since 1970; null if it holds none. */
    @Nullable
    MeterTime time(Datum value) throws FrameRejectedException {
        if (value.tag == Datum.DATE_TIME || value.tag == Datum.OCTET_STRING && value.octets().length == 12) {
            int header = value.tag == Datum.DATE_TIME ? 1 : 2;
            return DateTimes.of(value.octets(), value.source, value.from + header, zone);
        }
        if (value.tag == Datum.DOUBLE_LONG_UNSIGNED) {
            return new MeterTime(Instant.ofEpochSecond(value.number), 0);
        }
        return null;
    }

    /** Makes readings of what was gathered. */
    void finish() throws FrameRejectedException {
        MeterTime at = time != null ? time : clock;
        Instant start = at == null ? receivedAt : at.instant();
        int quality = at == null ? 0 : at.quality();
        for (Attribute attribute : attributes) {
            if (attribute.classId == PROFILE) {
                profile(attribute);
            } else {
                value(attribute, start, quality);
            }
        }
        attributes.clear();
    }

    private void value(Attribute of, Instant start, int quality) throws FrameRejectedException {
        Datum value = of.value;
        boolean valueAttribute = of.attribute == 2 || of.attribute == 3 && of.classId == DEMAND_REGISTER;
        ScalerUnit scalerUnit = of.scalerUnit != null ? of.scalerUnit : scalerUnit(of.classId, of.obis);
        if (!valueAttribute || !value.isNumeric() || scalerUnit == null && isNoQuantity(of.classId, of.obis)) {
            if (of.attribute != 1) {
                sink.unnamed(of.obis + (of.attribute == 2 ? "" : " attribute " + of.attribute));
            }
            return;
        }
        Instant taken = start;
        int taking = quality;
        Datum captured =
                switch (of.classId) {
                    case EXTENDED_REGISTER -> values.get(of.classId + "/" + of.obis + "/5");
                    case DEMAND_REGISTER -> values.get(of.classId + "/" + of.obis + "/6");
                    default -> null;
                };
        MeterTime capture = captured == null ? null : time(captured);
        if (capture != null) {
            taken = capture.instant();
            taking = capture.quality();
        }
        sink.value(of.obis, value.decimal(), scalerUnit, taken, Duration.ZERO, taking, value);
    }

    /** What values of an object are in: as it said itself, else as its maker always has it. */
    @Nullable
    ScalerUnit scalerUnit(int classId, Obis obis) {
        ScalerUnit said = scalers.get(classId + "/" + obis);
        if (said == null && classId == 0) {
            said = scalers.get(REGISTER + "/" + obis);
        }
        return said != null ? said : Tables.defaultOf(maker, obis);
    }

    /** Numbers that name or describe something: identifiers, states, errors (IEC 62056-6-1, 5.4 and 6.2). */
    static boolean isNoQuantity(int classId, Obis obis) {
        return obis.a() <= 1 && obis.c() == 0 && obis.d() == 0
                || obis.c() == 96
                        && (obis.d() == 1 || obis.d() >= 3 && obis.d() <= 5 || obis.d() >= 10 && obis.d() <= 13)
                || obis.c() == 97
                || obis.a() == 0 && (obis.c() <= 1 || obis.c() == 42 || classId == 0 && obis.c() == 25);
    }

    private void profile(Attribute of) throws FrameRejectedException {
        if (of.attribute != 2) {
            if (of.attribute > 4) {
                sink.unnamed(of.obis + " attribute " + of.attribute);
            }
            return;
        }
        Layout known = layouts.get(of.obis);
        Datum said = values.get(PROFILE + "/" + of.obis + "/3");
        Datum period = values.get(PROFILE + "/" + of.obis + "/4");
        List<Profile.Column> columns =
                said != null && said.isCollection() ? Profile.columns(said) : known == null ? List.of() : known.columns;
        if (columns.isEmpty() || !of.value.isCollection()) {
            sink.unnamed(of.obis + " (a profile whose capture objects are not known)");
            return;
        }
        long seconds = period != null && period.isInteger() ? period.number : known == null ? 0 : known.periodSeconds;
        new Profile(this, sink, of.obis, columns, seconds).rows(of.value);
    }
}
