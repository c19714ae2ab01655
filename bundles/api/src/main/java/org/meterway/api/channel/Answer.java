// SPDX-License-Identifier: EPL-2.0
package org.meterway.api.channel;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a meter answered to a command.
 *
 * @param success whether it did as told
 * @param code CoAP response code (RFC 7252, 5.9), for example {@code 2.05}
 * @param text the meter's or the channel's explanation of a failure, or empty
 * @param values values by resource (instance) path in the meter's order, of the types in {@link Command#values()}
 * @param links answer to a discovery in CoRE link format (RFC 6690), or empty
 */
public record Answer(boolean success, String code, String text, Map<String, Object> values, String links) {
    public Answer {
        requireNonNull(code, "code");
        requireNonNull(text, "text");
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
        requireNonNull(links, "links");
    }
}
