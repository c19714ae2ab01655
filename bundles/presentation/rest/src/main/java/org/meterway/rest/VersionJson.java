// SPDX-License-Identifier: EPL-2.0
package org.meterway.rest;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.meterway.api.reading.Quality;
import org.meterway.api.reading.Reading;
import org.meterway.api.reading.Series;
import org.meterway.api.store.Revision;
import org.meterway.api.store.Revision.Version;

/** The versions of one value, the oldest first, the last is the value as it is. */
final class VersionJson {
    private VersionJson() {}

    /**
     * Writes the field {@code versions}.
     *
     * @param revisions of one value, the oldest first, not empty
     */
    static void write(JsonGenerator out, List<Revision> revisions) throws IOException {
        out.writeArrayFieldStart("versions");
        Revision first = revisions.get(0);
        if (first.before().isPresent()) {
            write(out, first.series(), first.before(), Optional.empty(), Optional.of(first));
        }
        for (int i = 0; i < revisions.size(); i++) {
            Optional<Revision> next = i + 1 < revisions.size() ? Optional.of(revisions.get(i + 1)) : Optional.empty();
            write(out, first.series(), revisions.get(i).after(), Optional.of(revisions.get(i)), next);
        }
        out.writeEndArray();
    }

    private static void write(
            JsonGenerator out,
            Series series,
            Optional<Version> version,
            Optional<Revision> since,
            Optional<Revision> until)
            throws IOException {
        out.writeStartObject();
        if (version.isPresent()) {
            out.writeStringField(
                    "value", series.quantity().toValue(version.get().count()).toPlainString());
            Json.texts(out, "quality", Quality.names(version.get().quality()));
            out.writeNumberField("message", version.get().message());
            out.writeStringField("codec", version.get().codec());
            out.writeStringField("codecVersion", version.get().codecVersion());
        } else {
            out.writeNullField("value");
        }
        Json.text(out, "since", since.map(revision -> revision.at().toString()));
        Json.text(out, "until", until.map(revision -> revision.at().toString()));
        Json.text(out, "who", since.map(Revision::who));
        Json.text(out, "why", since.map(Revision::why));
        out.writeEndObject();
    }

    /** Writes the fields {@code value} and {@code quality}; null and none if there is no value. */
    static void value(JsonGenerator out, Optional<Reading> reading) throws IOException {
        Json.text(out, "value", reading.map(each -> each.value().toPlainString()));
        Json.texts(
                out,
                "quality",
                reading.map(each -> Quality.names(each.quality())).orElse(List.of()));
    }
}
