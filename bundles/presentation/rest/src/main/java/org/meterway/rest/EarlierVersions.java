// SPDX-License-Identifier: EPL-2.0
package org.meterway.rest;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.meterway.api.intake.Provenance;
import org.meterway.api.reading.Obis;
import org.meterway.api.reading.ReadingQuery;
import org.meterway.api.reading.Series;
import org.meterway.api.reading.StoredReading;
import org.meterway.api.store.Revision;
import org.meterway.rest.ReadingResource.Shown;

/** Puts values superseded beside the values of a page, and values that are there no more between them. */
final class EarlierVersions {
    private static final int MOST = 100_000;

    private EarlierVersions() {}

    private record Place(Series series, Instant start) {
        private static final Comparator<Place> ORDER = Comparator.comparing(
                        (Place place) -> place.series().quantity().obis())
                .thenComparing(place -> place.series().quantity().unit())
                .thenComparing(place -> place.series().quantity().scale())
                .thenComparing(place -> place.series().interval())
                .thenComparing(Place::start);
    }

    /** @param query of one meter, which the page was filled by */
    static List<Shown> merge(Provenance provenance, ReadingQuery query, ReadingResource.Page page) {
        List<Revision> revisions =
                provenance.revisions(query.meters().get(0), query.obis(), query.from(), query.to(), MOST + 1);
        if (revisions.size() > MOST) {
            throw Problem.bad("more than " + MOST + " values were superseded then: ask for a shorter span");
        }
        Map<Place, List<Revision>> byPlace = new TreeMap<>(Place.ORDER);
        for (Revision revision : revisions) {
            byPlace.computeIfAbsent(new Place(revision.series(), revision.start()), none -> new ArrayList<>(2))
                    .add(revision);
        }
        TreeMap<Place, Shown> shown = new TreeMap<>(Place.ORDER);
        for (StoredReading stored : page.items) {
            Shown plain = Shown.of(stored);
            Place place = new Place(plain.series(), plain.start());
            List<Revision> its = byPlace.remove(place);
            shown.put(place, new Shown(plain.series(), plain.start(), plain.current(), its == null ? List.of() : its));
        }
        // what vanished belongs to the page it would be on
        Optional<Place> last = page.more ? Optional.of(shown.lastKey()) : Optional.empty();
        byPlace.forEach((place, its) -> {
            boolean vanished = its.get(its.size() - 1).after().isEmpty();
            boolean after = page.after.map(key -> isAfter(place, key)).orElse(true);
            boolean before =
                    last.map(end -> Place.ORDER.compare(place, end) < 0).orElse(true);
            if (vanished && after && before) {
                shown.put(place, new Shown(place.series(), place.start(), Optional.empty(), its));
            }
        });
        return List.copyOf(shown.values());
    }

    /** @param key meter, quantity, interval in seconds and start of the last reading of the page before */
    private static boolean isAfter(Place place, List<String> key) {
        int byObis = place.series().quantity().obis().compareTo(Obis.parse(key.get(1)));
        if (byObis != 0) {
            return byObis > 0;
        }
        int byInterval = Long.compare(place.series().interval().getSeconds(), Long.parseLong(key.get(2)));
        return byInterval != 0 ? byInterval > 0 : place.start().isAfter(Instant.parse(key.get(3)));
    }
}
