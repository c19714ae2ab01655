// SPDX-License-Identifier: EPL-2.0
package org.meterway.dlms;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.meterway.api.codec.FrameRejectedException;
import org.meterway.api.reading.Obis;
import org.meterway.api.reading.Quality;
import org.meterway.dlms.DateTimes.MeterTime;
import org.meterway.dlms.Tables.ScalerUnit;

/**
 * Rows of a profile (IEC 62056-6-2, 4.3.6): one value for each capture object. Null-data stands for a time one capture period later,
 * and for a value as in the row before.
 */
final class Profile {
    private static final int STATUS_CLOCK_INVALID = 0x02;
    private static final int STATUS_NOT_VALID = 0x04;
    private static final int STATUS_CRITICAL = 0x01;
    private static final int STATUS_POWER_DOWN = 0x80;
    private static final int DAY_SECONDS = 86_400;
    private final Report report;
    private final ReadingsSink sink;
    private final Obis obis;
    private final List<Column> columns;
    private final Duration period;
    private final @Nullable Datum[] last;
    private final BigDecimal[] sums;
    private @Nullable MeterTime time;

    /** A capture object. */
    record Column(int classId, Obis obis, int attribute) {
        boolean isClock() {
            return Report.isClock(classId, obis);
        }

        /** The status of the profile's entries. */
        boolean isStatus() {
            return classId == Report.DATA && obis.a() == 0 && obis.c() == 96 && obis.d() == 10;
        }
    }

    /**
     * @param periodSeconds capture period; 0 if the profile is not filled periodically or it is not known
     */
    Profile(Report report, ReadingsSink sink, Obis obis, List<Column> columns, long periodSeconds) {
        this.report = report;
        this.sink = sink;
        this.obis = obis;
        this.columns = columns;
        this.period =
                periodSeconds > 0 && periodSeconds <= DAY_SECONDS ? Duration.ofSeconds(periodSeconds) : Duration.ZERO;
        this.last = new Datum[columns.size()];
        this.sums = new BigDecimal[columns.size()];
    }

    /** The columns that a list of capture objects defines: class, code, attribute, index each. */
    static List<Column> columns(Datum captureObjects) throws FrameRejectedException {
        List<Column> columns = new ArrayList<>();
        for (Datum object : captureObjects.items) {
            if (object.tag != Datum.STRUCTURE
                    || object.items.size() < 4
                    || !object.items.get(0).isInteger()
                    || !object.items.get(1).isObis()
                    || !object.items.get(2).isInteger()) {
                throw new FrameRejectedException(
                        "capture_objects",
                        object.source.frameOffset(object.from),
                        "a structure of class, logical name, attribute and index was expected, found " + object);
            }
            columns.add(new Column(
                    (int) object.items.get(0).number, object.items.get(1).obis(), (int) object.items.get(2).number));
        }
        return columns;
    }

    void rows(Datum buffer) throws FrameRejectedException {
        for (Datum row : buffer.items) {
            if (row.tag != Datum.STRUCTURE || row.items.size() != columns.size()) {
                throw new FrameRejectedException(
                        "buffer of " + obis,
                        row.source.frameOffset(row.from),
                        "a structure of " + columns.size() + " was expected, found " + row);
            }
            row(row);
        }
    }

    private void row(Datum row) throws FrameRejectedException {
        int quality = 0;
        for (int i = 0; i < columns.size(); i++) {
            Column column = columns.get(i);
            Datum value = row.items.get(i);
            if (column.isClock()) {
                MeterTime said = report.time(value);
                if (said != null) {
                    time = said;
                } else if (value.isNull() && time != null && !period.isZero()) {
                    time = new MeterTime(time.instant().plus(period), time.quality());
                } else {
                    time = null;
                }
            } else if (column.isStatus()) {
                if (!value.isNull()) {
                    last[i] = value;
                }
                Datum status = last[i];
                quality |= status == null ? 0 : statusQuality(status.number);
            }
        }
        for (int i = 0; i < columns.size(); i++) {
            if (!columns.get(i).isClock() && !columns.get(i).isStatus()) {
                cell(i, row.items.get(i), quality);
            }
        }
    }

    private void cell(int i, Datum value, int quality) throws FrameRejectedException {
        Column column = columns.get(i);
        if (!value.isNull()) {
            last[i] = value;
            if (value.isDelta()) {
                BigDecimal before = sums[i];
                sums[i] = before == null ? null : before.add(value.decimal());
            } else {
                sums[i] = value.isNumeric() ? value.decimal() : null;
            }
        }
        BigDecimal number = sums[i];
        MeterTime at = time;
        ScalerUnit scalerUnit = report.scalerUnit(column.classId, column.obis);
        if (number == null || scalerUnit == null && Report.isNoQuantity(column.classId, column.obis)) {
            sink.unnamed(column.obis.toString());
            return;
        }
        if (at == null) {
            sink.unnamed(obis + " (rows without a time)");
            return;
        }
        Instant start = isOfInterval(column.obis) ? at.instant().minus(period) : at.instant();
        sink.value(column.obis, number, scalerUnit, start, period, quality | at.quality(), value);
    }

    /** Whether the value is of the period that ended at the row's time, and no register's state at it (group D). */
    private static boolean isOfInterval(Obis obis) {
        return obis.a() == 1
                && switch (obis.d()) {
                    case 5, 15, 25, 27, 28, 29, 30 -> true;
                    default -> false;
                };
    }

    /** The status of an entry of a load profile as the companion specifications have it (DSMR, IDIS). */
    private static int statusQuality(long status) {
        return ((status & STATUS_CLOCK_INVALID) != 0 ? Quality.CLOCK_INVALID : 0)
                | ((status & (STATUS_NOT_VALID | STATUS_CRITICAL)) != 0 ? Quality.SUSPECT : 0)
                | ((status & STATUS_POWER_DOWN) != 0 ? Quality.POWER_FAIL : 0);
    }
}
