// SPDX-License-Identifier: EPL-2.0
package org.meterway.lwm2m;

import java.util.Map;
import java.util.Optional;

/** CoAP content formats (RFC 7252, 12.3; OMNA) that carry LwM2M values, and their media types. */
final class ContentTypes {
    static final String TEXT = "text/plain";
    static final String OPAQUE = "application/octet-stream";
    static final String CBOR = "application/cbor";
    static final String SENML_JSON = "application/senml+json";
    static final String SENML_CBOR = "application/senml+cbor";
    static final String TLV = "application/vnd.oma.lwm2m+tlv";
    static final String JSON = "application/vnd.oma.lwm2m+json";
    static final String LWM2M_CBOR = "application/vnd.oma.lwm2m+cbor";

    private static final Map<Integer, String> BY_CODE = Map.of(
            0, TEXT,
            42, OPAQUE,
            60, CBOR,
            110, SENML_JSON,
            112, SENML_CBOR,
            11542, TLV,
            11543, JSON,
            11544, LWM2M_CBOR,
            // Numbers in use before registration; some meters still send them.
            1542, TLV,
            1543, JSON);

    private ContentTypes() {}

    /** The media type of a content format, if it carries LwM2M values. */
    static Optional<String> ofCode(int code) {
        return Optional.ofNullable(BY_CODE.get(code));
    }

    /** Whether a Send may use it (LwM2M Core 1.1, 6.4.6): those that name each value themselves. */
    static boolean sendable(String mediaType) {
        return mediaType.equals(SENML_CBOR) || mediaType.equals(SENML_JSON) || mediaType.equals(LWM2M_CBOR);
    }
}
