// SPDX-License-Identifier: EPL-2.0
package org.meterway.intake;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.meterway.api.intake.Difference;
import org.meterway.api.reading.Reading;
import org.meterway.api.reading.Series;
import org.meterway.api.store.DaySpan;
import org.meterway.api.store.Decoding;
import org.meterway.api.store.Message;
import org.meterway.api.store.ProfileKey;
import org.meterway.api.store.ProfileRow;
import org.meterway.api.store.ReadingStore;
import org.meterway.api.store.Revision;
import org.meterway.api.store.Revision.Version;
import org.meterway.api.store.StoredMessage;

/**
 * Compares what messages of one meter bring, decoded again, with what its day profiles have of them. A value belongs to the
 * message whose number stands beside it: of others nothing is touched, so the first value of a key stays here as well. For one
 * thread.
 */
final class Redecoding {
    /** A message as it is kept, and as it is decoded now. */
    record Again(StoredMessage stored, Message decoded) {}

    final ReplayJob.Tally tally = new ReplayJob.Tally();
    final List<Difference> differences = new ArrayList<>();
    final List<Revision> revisions = new ArrayList<>();
    final List<Decoding> decodings = new ArrayList<>();
    final List<ProfileRow> rows = new ArrayList<>();

    private final ReadingStore store;
    private final Instant now;
    private final String who;
    private final String why;
    private final Map<ProfileKey, DayProfile> days = new HashMap<>();
    private final Set<ProfileKey> changed = new HashSet<>();

    Redecoding(ReadingStore store, Instant now, String who, String why) {
        this.store = store;
        this.now = now;
        this.who = who;
        this.why = why;
    }

    private record Place(ProfileKey key, int at) {}

    /** Compares messages of one meter, in the order of their numbers. */
    void compare(String meter, List<Again> messages) {
        days.clear();
        changed.clear();
        DaySpan span = DaySpan.NONE;
        for (Again again : messages) {
            span = span.with(again.stored().days())
                    .with(DaySpan.of(again.decoded().readings()));
        }
        if (span.isEmpty()) {
            tally.frames += messages.size();
            return;
        }
        store.profiles(
                List.of(meter),
                Optional.empty(),
                span.first(),
                span.last(),
                row -> days.put(row.key(), DayProfileFormat.unpack(row.packed())));
        Map<Long, Set<Place>> places = places(messages);
        for (Again again : messages) {
            compare(meter, again, places.get(again.stored().sequence()));
        }
        for (ProfileKey key : changed) {
            rows.add(Settler.row(key, days.get(key)));
        }
    }

    /** Where the profiles have values of which message. */
    private Map<Long, Set<Place>> places(List<Again> messages) {
        Map<Long, Set<Place>> places = new HashMap<>();
        messages.forEach(again -> places.put(again.stored().sequence(), new HashSet<>()));
        days.forEach((key, day) -> {
            for (int index = 0; index < day.size(); index++) {
                Set<Place> ofMessage = places.get(day.message(index));
                if (ofMessage != null) {
                    ofMessage.add(new Place(key, day.at(index)));
                }
            }
        });
        return places;
    }

    private void compare(String meter, Again again, Set<Place> before) {
        tally.frames++;
        long number = again.stored().sequence();
        int found = differences.size();
        Set<Place> seen = new HashSet<>();
        for (DayBlock block : Blocks.of(meter, again.decoded().readings())) {
            ProfileKey key = new ProfileKey(block.series(), block.day());
            DayProfile day = days.computeIfAbsent(key, none -> new DayProfile(block.size()));
            for (int index = 0; index < block.size(); index++) {
                Place place = new Place(key, block.at()[index]);
                if (seen.add(place)) {
                    before.remove(place);
                    put(again, day, place, block.counts()[index], block.qualities()[index]);
                }
            }
        }
        for (Place place : before) {
            DayProfile day = days.get(place.key());
            int index = day.indexOf(place.at());
            differ(again, place, version(again.stored().message(), number, day, index), Optional.empty());
            day.remove(index);
            tally.vanished++;
        }
        if (differences.size() > found) {
            Message decoded = again.decoded();
            decodings.add(new Decoding(
                    number,
                    decoded.codec(),
                    decoded.codecVersion(),
                    again.stored().days().with(DaySpan.of(decoded.readings()))));
        }
    }

    private void put(Again again, DayProfile day, Place place, long count, int quality) {
        long number = again.stored().sequence();
        Message decoded = again.decoded();
        Version after = new Version(count, quality, number, decoded.codec(), decoded.codecVersion());
        int index = day.indexOf(place.at());
        if (index < 0) {
            day.add(place.at(), count, quality, number);
            differ(again, place, Optional.empty(), Optional.of(after));
            tally.added++;
        } else if (day.message(index) == number) {
            if (day.count(index) == count && day.quality(index) == quality) {
                tally.same++;
            } else {
                differ(again, place, version(again.stored().message(), number, day, index), Optional.of(after));
                day.replace(index, count, quality);
                tally.changed++;
            }
        }
    }

    private static Optional<Version> version(Message message, long number, DayProfile day, int index) {
        return Optional.of(
                new Version(day.count(index), day.quality(index), number, message.codec(), message.codecVersion()));
    }

    private void differ(Again again, Place place, Optional<Version> before, Optional<Version> after) {
        Series series = place.key().series();
        Instant start = Instant.ofEpochMilli(place.key().day() * DayProfile.DAY_MILLIS + place.at());
        changed.add(place.key());
        differences.add(new Difference(
                series.meter(),
                again.stored().sequence(),
                before.map(version -> reading(series, start, version)),
                after.map(version -> reading(series, start, version))));
        String by = again.decoded().codec() + " " + again.decoded().codecVersion();
        revisions.add(new Revision(
                series, start, before, after, now, who, (why.isEmpty() ? "replay" : why) + " (" + by + ")"));
    }

    private static Reading reading(Series series, Instant start, Version version) {
        return new Reading(series.quantity(), start, series.interval(), version.count(), version.quality());
    }
}
