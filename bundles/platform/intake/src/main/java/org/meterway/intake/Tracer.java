// SPDX-License-Identifier: EPL-2.0
package org.meterway.intake;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.meterway.api.codec.Codec;
import org.meterway.api.codec.Field;
import org.meterway.api.codec.Frame;
import org.meterway.api.codec.FrameRejectedException;
import org.meterway.api.intake.Trace;
import org.meterway.api.meter.Inventory;
import org.meterway.api.model.DeviceModels;
import org.meterway.api.reading.Obis;
import org.meterway.api.reading.Reading;
import org.meterway.api.reading.ReadingQuery;
import org.meterway.api.reading.Readings;
import org.meterway.api.reading.Series;
import org.meterway.api.reading.StoredReading;
import org.meterway.api.store.Message;
import org.meterway.api.store.ReadingStore;
import org.meterway.api.store.Revision;
import org.meterway.api.store.StoredMessage;

/** Traces values back to their bytes. Thread-safe. */
final class Tracer {
    private static final int MOST_REVISIONS = 1_000;

    private final StoreLink link;
    private final Readings readings;
    private final Codecs codecs;
    private final Supplier<@Nullable DeviceModels> models;
    private final Supplier<@Nullable Inventory> inventory;

    Tracer(
            StoreLink link,
            Readings readings,
            Codecs codecs,
            Supplier<@Nullable DeviceModels> models,
            Supplier<@Nullable Inventory> inventory) {
        this.link = link;
        this.readings = readings;
        this.codecs = codecs;
        this.models = models;
        this.inventory = inventory;
    }

    Optional<Trace> trace(String meter, Obis obis, Instant start, Optional<Duration> interval) {
        Instant end = start.plusMillis(1);
        List<StoredReading> current = new ArrayList<>();
        readings.query(ReadingQuery.of(List.of(meter), obis, start, end), stored -> {
            if (interval.isEmpty() || interval.get().equals(stored.reading().interval())) {
                current.add(stored);
            }
        });
        ReadingStore store = link.forQuery();
        List<Revision> revisions = store.revisions(meter, Optional.of(obis), start, end, MOST_REVISIONS).stream()
                .filter(revision -> interval.isEmpty()
                        || interval.get().equals(revision.series().interval()))
                .toList();
        if (current.isEmpty() && revisions.isEmpty()) {
            return Optional.empty();
        }
        Series series = current.isEmpty()
                ? revisions.get(revisions.size() - 1).series()
                : new Series(
                        meter,
                        current.get(0).reading().quantity(),
                        current.get(0).reading().interval());
        List<Revision> ofSeries = revisions.stream()
                .filter(revision -> revision.series().equals(series))
                .toList();
        long number = current.isEmpty()
                ? lastMessage(ofSeries.get(ofSeries.size() - 1))
                : current.get(0).message();
        Optional<Reading> reading = current.stream().findFirst().map(StoredReading::reading);
        Optional<Message> message = store.message(number).map(StoredMessage::message);
        Again again = message.map(found -> again(found.frame(), series, start)).orElse(Again.NOTHING);
        return Optional.of(new Trace(
                series,
                start,
                reading,
                number,
                message,
                again.codec,
                again.version,
                again.fields,
                again.reading,
                again.rejection,
                ofSeries));
    }

    private static long lastMessage(Revision revision) {
        return revision.before()
                .or(revision::after)
                .map(Revision.Version::message)
                .orElse(0L);
    }

    private record Again(
            String codec, String version, List<Field> fields, Optional<Reading> reading, String rejection) {
        private static final Again NOTHING = new Again("", "", List.of(), Optional.empty(), "");
    }

    /** What the codec that is there now makes of a frame. */
    private Again again(Frame frame, Series series, Instant start) {
        Optional<Codec> codec = codecs.find(frame.contentType());
        DeviceModels known = models.get();
        if (codec.isEmpty() || known == null) {
            return Again.NOTHING;
        }
        TracedContext context = new TracedContext(frame.meter(), known.namesOf(frame.meter()), inventory.get());
        String name = "";
        String version = "";
        try {
            name = codec.get().name();
            version = codec.get().version();
            Optional<Reading> reading = codec.get().decode(frame, context).readings().stream()
                    .filter(each -> each.start().equals(start)
                            && each.quantity().equals(series.quantity())
                            && each.interval().equals(series.interval()))
                    .findFirst();
            return new Again(name, version, context.fields(), reading, "");
        } catch (FrameRejectedException rejected) {
            return new Again(name, version, context.fields(), Optional.empty(), String.valueOf(rejected.getMessage()));
        } catch (RuntimeException | LinkageError | StackOverflowError broken) {
            return new Again(name, version, context.fields(), Optional.empty(), "the codec broke: " + broken);
        }
    }
}
