// SPDX-License-Identifier: EPL-2.0
package org.meterway.api.line;

import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/** What a dialogue may know and draw on beside the bytes. Used by one dialogue at a time. */
@ProviderType
public interface DialogueContext {
    /** A secret of the meter, for example {@code password} or {@code encryption_key}; see {@code DecodeContext.key}. */
    Optional<byte[]> key(String name);

    /** The meter's zone, for protocols whose times have no offset. */
    ZoneId timeZone();

    /** The time now. */
    Instant now();

    /**
     * The next value of a counter of ours that must never repeat, not even across a crash: it is durable before it is returned, so
     * it may skip.
     *
     * @param name whose counter, for example the invocation counter of one key at one meter
     * @return positive, above every value returned before for this name
     */
    long nextCounter(String name);

    /** Fresh unpredictable bytes, for challenges. */
    byte[] random(int length);
}
