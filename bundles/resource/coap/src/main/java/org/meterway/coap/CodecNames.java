// SPDX-License-Identifier: EPL-2.0
package org.meterway.coap;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.meterway.api.codec.Codec;
import org.meterway.api.codec.ContentTypes;

/** The media type of what a codec of some name decodes. The known ones need not be there: intake parks what nobody decodes now. */
final class CodecNames {
    private static final Map<String, String> KNOWN = Map.of(
            "dlt645", ContentTypes.DLT645,
            "dlms", ContentTypes.DLMS,
            "iec62056", ContentTypes.IEC62056,
            "sml", ContentTypes.SML,
            "mbus", ContentTypes.MBUS,
            "dtmf", ContentTypes.DTMF);

    private final Supplier<List<Codec>> codecs;

    CodecNames(Supplier<List<Codec>> codecs) {
        this.codecs = codecs;
    }

    Optional<String> mediaType(String name) {
        return Optional.ofNullable(KNOWN.get(name)).or(() -> codecs.get().stream()
                .filter(codec ->
                        codec.name().equals(name) && codec.contentTypes().size() == 1)
                .map(codec -> codec.contentTypes().iterator().next())
                .findFirst());
    }

    /** For a person. */
    String described() {
        Set<String> names = new TreeSet<>(KNOWN.keySet());
        codecs.get().stream()
                .filter(codec -> codec.contentTypes().size() == 1)
                .forEach(codec -> names.add(codec.name()));
        return String.join(", ", names);
    }
}
