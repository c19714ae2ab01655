// SPDX-License-Identifier: EPL-2.0
package org.meterway.api.codec;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * Bytes as they came from a meter. The array is handed over: neither side changes it afterwards (it is not copied, because every
 * reading passes here).
 *
 * @param meter id of the meter
 * @param channel name of the channel it came by, for example {@code lwm2m}
 * @param contentType media type in lower case without parameters
 * @param target what the bytes are a representation of, for content types that do not say so themselves: an LwM2M path; else
 *     empty
 * @param receivedAt when the gateway received it
 * @param bytes the payload
 */
public record Frame(String meter, String channel, String contentType, String target, Instant receivedAt, byte[] bytes) {
    public Frame {
        requireNonNull(meter, "meter");
        requireNonNull(channel, "channel");
        requireNonNull(contentType, "contentType");
        requireNonNull(target, "target");
        requireNonNull(receivedAt, "receivedAt");
        requireNonNull(bytes, "bytes");
    }

    @Override
    public String toString() {
        return contentType + " of " + bytes.length + " bytes from " + meter + " by " + channel;
    }
}
