// SPDX-License-Identifier: EPL-2.0
package org.meterway.lwm2m;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.eclipse.leshan.core.LwM2m.LwM2mVersion;
import org.eclipse.leshan.core.node.LwM2mPath;
import org.eclipse.leshan.core.request.ContentFormat;
import org.eclipse.leshan.server.registration.Registration;
import org.jspecify.annotations.Nullable;

/**
 * Which content formats to try with a meter, the preferred one first: SenML when its registration lists it ({@code ct}, LwM2M
 * Core 1.1, 6.2.1), TLV for LwM2M 1.0, else what every client of its version must know.
 */
final class Formats {
    private Formats() {}

    /** For the answer to a read or observation; null lets the meter choose. */
    static List<@Nullable ContentFormat> toRead(Registration registration, LwM2mPath path) {
        List<@Nullable ContentFormat> formats = new ArrayList<>(2);
        if (registration.getLwM2mVersion().olderThan(LwM2mVersion.V1_1)) {
            if (!path.isResource() && !path.isResourceInstance()) {
                formats.add(ContentFormat.TLV);
            }
        } else {
            senml(registration, formats);
        }
        formats.add(null);
        return formats;
    }

    /**
     * For what is written.
     *
     * @param single whether it is one value
     * @param opaque whether that value is opaque
     */
    static List<ContentFormat> toWrite(Registration registration, boolean single, boolean opaque) {
        List<ContentFormat> formats = new ArrayList<>(4);
        ContentFormat plain = opaque ? ContentFormat.OPAQUE : ContentFormat.TEXT;
        if (registration.getLwM2mVersion().olderThan(LwM2mVersion.V1_1)) {
            formats.add(ContentFormat.TLV);
            if (single) {
                formats.add(plain);
            }
            return formats;
        }
        senml(registration, formats);
        if (single) {
            formats.add(plain);
        }
        formats.add(ContentFormat.TLV);
        if (!single && formats.size() == 1) {
            formats.add(ContentFormat.SENML_JSON);
        }
        return formats;
    }

    /** For the composite operations, which need SenML. */
    static List<ContentFormat> composite(Registration registration) {
        List<ContentFormat> formats = new ArrayList<>(2);
        senml(registration, formats);
        if (formats.isEmpty()) {
            return List.of(ContentFormat.SENML_CBOR, ContentFormat.SENML_JSON);
        }
        return formats;
    }

    private static void senml(Registration registration, List<? super ContentFormat> into) {
        Set<ContentFormat> supported = registration.getSupportedContentFormats();
        if (supported.contains(ContentFormat.SENML_CBOR)) {
            into.add(ContentFormat.SENML_CBOR);
        }
        if (supported.contains(ContentFormat.SENML_JSON)) {
            into.add(ContentFormat.SENML_JSON);
        }
    }
}
