// SPDX-License-Identifier: EPL-2.0
package org.meterway.intake;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.meterway.api.codec.Codec;
import org.osgi.framework.Constants;

/**
 * Which codec decodes which content type: the one of the highest service ranking, among equals the oldest. Looking one up takes no
 * lock; the table is replaced as a whole when codecs come and go.
 */
final class Codecs {
    private record Entry(Codec codec, int ranking, long id) {}

    private final List<Entry> entries = new ArrayList<>();
    private volatile Map<String, Codec> byContentType = Map.of();
    private volatile int changes;

    Optional<Codec> find(String contentType) {
        return Optional.ofNullable(byContentType.get(contentType));
    }

    /** Name and version of the codec for a content type; empty if there is none. */
    String identity(String contentType) {
        Codec codec = byContentType.get(contentType);
        try {
            return codec == null ? "" : codec.name() + " " + codec.version();
        } catch (RuntimeException | LinkageError broken) {
            return "";
        }
    }

    synchronized void add(Codec codec, Map<String, ?> properties) {
        int ranking = properties.get(Constants.SERVICE_RANKING) instanceof Integer number ? number : 0;
        long id = properties.get(Constants.SERVICE_ID) instanceof Long number ? number : 0L;
        entries.add(new Entry(codec, ranking, id));
        rebuild();
    }

    synchronized void remove(Codec codec) {
        entries.removeIf(entry -> entry.codec() == codec);
        rebuild();
    }

    private void rebuild() {
        List<Entry> ascending = new ArrayList<>(entries);
        ascending.sort((one, other) -> one.ranking() != other.ranking()
                ? Integer.compare(one.ranking(), other.ranking())
                : Long.compare(other.id(), one.id()));
        Map<String, Codec> table = new HashMap<>();
        ascending.forEach(
                entry -> entry.codec().contentTypes().forEach(contentType -> table.put(contentType, entry.codec())));
        byContentType = Map.copyOf(table);
        changes++;
    }

    /** Grows with every codec that comes or goes. */
    int changes() {
        return changes;
    }

    int size() {
        return byContentType.size();
    }
}
