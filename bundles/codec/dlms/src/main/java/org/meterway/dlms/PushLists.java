// SPDX-License-Identifier: EPL-2.0
package org.meterway.dlms;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.meterway.api.codec.FrameRejectedException;
import org.meterway.api.reading.Obis;
import org.meterway.dlms.Tables.Place;
import org.meterway.dlms.Tables.ScalerUnit;

/**
 * Finds the objects in what a meter pushes. IEC 62056-6-2 (4.4.8) lets a push list hold any attributes in any order, and national
 * specifications have their own; they are told apart by structure:
 *
 * <ul>
 *   <li>a list of object definitions (class, logical name, attribute, index …) followed by their values
 *   <li>logical name, value and, if they are sent, scaler and unit: each object in a structure of its own, or all in one row
 *   <li>class, logical name, attribute, value, likewise nested or in one row
 *   <li>values by position without any names, of lists known by their length
 * </ul>
 */
final class PushLists {
    private static final int NORMAL_ATTRIBUTES = 127;
    private final Report report;
    private final ReadingsSink sink;
    private boolean named;

    PushLists(Report report, ReadingsSink sink) {
        this.report = report;
        this.sink = sink;
    }

    /** Looks for texts that say whose list it is. */
    void makers(Datum body) {
        makers(body, 0);
    }

    void read(Datum body) throws FrameRejectedException {
        if (body.isCollection()) {
            collection(body);
        }
        if (!named && !positional(body)) {
            sink.unnamed(body.isCollection() ? "a list without logical names" : "a value without logical name");
        }
    }

    private void makers(Datum datum, int depth) {
        if (datum.isText()) {
            String text = datum.text();
            if (text.startsWith("Kamstrup_V")) {
                report.maker("Kamstrup_V");
            } else if (text.startsWith("KFM")) {
                report.maker("KFM");
            } else if (text.startsWith("AIDON_V")) {
                report.maker("ADN");
            }
        }
        for (Datum item : depth < 2 ? datum.items : List.<Datum>of()) {
            makers(item, depth + 1);
        }
    }

    private void collection(Datum list) throws FrameRejectedException {
        List<Datum> items = list.items;
        if (!items.isEmpty() && isDefinitions(items.get(0)) && items.size() > 1) {
            defined(items);
            return;
        }
        int i = 0;
        while (i < items.size()) {
            Datum item = items.get(i);
            if (isAttribute(items, i)) {
                i += attribute(items, i);
            } else if (item.isObis() && i + 1 < items.size() && !isNextName(items, i + 1)) {
                i += object(items, i);
            } else {
                single(item);
                i++;
            }
        }
    }

    /** Whether the item is the name of the next object instead of the value of the one before it. */
    private static boolean isNextName(List<Datum> items, int at) {
        return items.get(at).isObis()
                && at + 1 < items.size()
                && items.get(at + 1).isNumeric();
    }

    /** An object from its logical name on; returns how many items it took. */
    private int object(List<Datum> items, int at) throws FrameRejectedException {
        named = true;
        Obis obis = items.get(at).obis();
        Datum value = items.get(at + 1);
        int taken = 2;
        ScalerUnit scalerUnit = null;
        Datum next = at + 2 < items.size() ? items.get(at + 2) : null;
        if (next != null && next.isScalerUnit()) {
            scalerUnit = Report.scalerUnit(next);
            taken = 3;
        } else if (next != null
                && next.tag == Datum.INTEGER
                && at + 3 < items.size()
                && items.get(at + 3).tag == Datum.ENUM) {
            scalerUnit = new ScalerUnit((int) next.number, (int) items.get(at + 3).number);
            taken = 4;
        }
        if (value.isCollection() && !value.isScalerUnit()) {
            nested(obis, value, scalerUnit);
        } else {
            report.value(obis, value, scalerUnit);
        }
        return taken;
    }

    /** A value that is a structure: value, scaler and unit in it; else perhaps further objects. */
    private void nested(Obis obis, Datum value, @Nullable ScalerUnit scalerUnit) throws FrameRejectedException {
        List<Datum> items = value.items;
        if (value.tag == Datum.STRUCTURE && items.size() >= 2 && items.get(0).isNumeric()) {
            boolean said = items.get(1).isScalerUnit();
            if (said || items.size() == 2) {
                report.value(obis, items.get(0), said ? Report.scalerUnit(items.get(1)) : scalerUnit);
                return;
            }
        }
        sink.unnamed(obis + " (" + value + ")");
        if (!isDefinitions(value)) {
            collection(value);
        }
    }

    private void single(Datum item) throws FrameRejectedException {
        if (item.isCollection()) {
            collection(item);
        } else if (item.hasOctets() && item.octets().length == 12 && item.tag != Datum.VISIBLE_STRING) {
            if (!item.isText()) {
                report.time(report.time(item));
            }
        }
    }

    /** Whether class, logical name, attribute and value stand here. */
    private static boolean isAttribute(List<Datum> items, int at) {
        return at + 3 < items.size()
                && items.get(at).tag == Datum.LONG_UNSIGNED
                && items.get(at + 1).isObis()
                && items.get(at + 2).tag == Datum.INTEGER;
    }

    /** An attribute from its class on; returns how many items it took. */
    private int attribute(List<Datum> items, int at) throws FrameRejectedException {
        named = true;
        boolean scaled = at + 4 < items.size() && items.get(at + 4).isScalerUnit();
        report.attribute(
                (int) items.get(at).number,
                items.get(at + 1).obis(),
                (int) items.get(at + 2).number,
                items.get(at + 3),
                scaled ? Report.scalerUnit(items.get(at + 4)) : null);
        return scaled ? 5 : 4;
    }

    private static boolean isDefinition(Datum datum) {
        return datum.tag == Datum.STRUCTURE
                && datum.items.size() >= 4
                && datum.items.get(0).tag == Datum.LONG_UNSIGNED
                && datum.items.get(1).isObis()
                && datum.items.get(2).isInteger()
                && datum.items.get(3).isInteger();
    }

    private static boolean isDefinitions(Datum datum) {
        return datum.isCollection()
                && !datum.items.isEmpty()
                && datum.items.stream().allMatch(PushLists::isDefinition);
    }

    /** Values by the definitions before them. The first definition may be of the definitions themselves. */
    private void defined(List<Datum> items) throws FrameRejectedException {
        named = true;
        List<Datum> definitions = items.get(0).items;
        int values = items.size();
        boolean withItself = values == definitions.size();
        if (!withItself && values != definitions.size() + 1) {
            Datum list = items.get(0);
            throw new FrameRejectedException(
                    "push_object_list",
                    list.source.frameOffset(list.from),
                    "defines " + definitions.size() + " objects, " + (values - 1) + " values follow");
        }
        for (int i = 0; i < definitions.size(); i++) {
            Datum value = items.get(withItself ? i : i + 1);
            if (withItself && i == 0) {
                continue;
            }
            Datum definition = definitions.get(i);
            int classId = (int) definition.items.get(0).number;
            Obis obis = definition.items.get(1).obis();
            int attribute = (int) definition.items.get(2).number;
            if (attribute >= 0 && attribute <= NORMAL_ATTRIBUTES) {
                report.attribute(classId, obis, attribute, value, null);
            } else {
                sink.unnamed(obis + " attribute " + attribute);
            }
        }
    }

    /** Values without names: true if it is a list known by its length. */
    private boolean positional(Datum body) throws FrameRejectedException {
        if (!body.isCollection()) {
            return false;
        }
        List<Optional<Place>> places = Tables.list(report.maker(), body.items.size());
        if (places == null) {
            return false;
        }
        for (int i = 0; i < places.size(); i++) {
            Datum item = body.items.get(i);
            boolean placed = places.get(i).isPresent();
            if (item.isCollection() || !placed && !item.hasOctets() || placed && item.isText()) {
                return false;
            }
        }
        for (int i = 0; i < places.size(); i++) {
            Place place = places.get(i).orElse(null);
            if (place != null && !body.items.get(i).isNull()) {
                report.value(
                        place.obis(), body.items.get(i), place.scalerUnit().unit() == 0 ? null : place.scalerUnit());
            }
        }
        return true;
    }
}
