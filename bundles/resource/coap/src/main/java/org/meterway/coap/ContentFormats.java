// SPDX-License-Identifier: EPL-2.0
package org.meterway.coap;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.eclipse.californium.core.coap.MediaTypeRegistry;
import org.meterway.api.codec.Codec;

/**
 * The content formats (RFC 7252, 12.3) taken: SenML's always, because a frame whose codec is being exchanged is kept by intake;
 * others as long as a codec serves their media type.
 */
final class ContentFormats {
    private static final Map<Integer, String> ALWAYS =
            Map.of(110, "application/senml+json", 112, "application/senml+cbor");

    private final Supplier<List<Codec>> codecs;

    ContentFormats(Supplier<List<Codec>> codecs) {
        this.codecs = codecs;
    }

    /** The media type of a content format, if it is taken. */
    Optional<String> mediaType(int format) {
        String always = ALWAYS.get(format);
        if (always != null) {
            return Optional.of(always);
        }
        if (!MediaTypeRegistry.isKnown(format)) {
            return Optional.empty();
        }
        String type = bare(MediaTypeRegistry.toString(format));
        return codecs.get().stream()
                .filter(codec -> codec.contentTypes().contains(type))
                .findAny()
                .map(codec -> type);
    }

    /** Number and name of every content format taken now, for a person. */
    String described() {
        Map<Integer, String> all = new TreeMap<>(ALWAYS);
        for (Codec codec : codecs.get()) {
            for (String type : codec.contentTypes()) {
                int format = MediaTypeRegistry.parse(type);
                if (format != MediaTypeRegistry.UNDEFINED) {
                    all.put(format, type);
                }
            }
        }
        return all.entrySet().stream()
                .map(entry -> entry.getKey() + " (" + entry.getValue() + ")")
                .collect(Collectors.joining(", "));
    }

    private static String bare(String mediaType) {
        int parameters = mediaType.indexOf(';');
        return (parameters < 0 ? mediaType : mediaType.substring(0, parameters))
                .trim()
                .toLowerCase(Locale.ROOT);
    }
}
