// SPDX-License-Identifier: EPL-2.0
package org.meterway.api.codec;

import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import org.meterway.api.model.RegisterNames;

/**
 * What a codec may know about the meter beside its frame, and where it tells what it found at which byte. Everything but the names
 * has a default, so that a context is a lambda where no more is needed. Thread-safe except for {@link #field}, which one decoding
 * calls on its own thread.
 */
@FunctionalInterface
public interface DecodeContext extends RegisterNames {
    /**
     * A secret of the meter, for example {@code encryption_key}. Names are compared without regard to case, {@code _} and {@code
     * -}.
     */
    default Optional<byte[]> key(String name) {
        return Optional.empty();
    }

    /** The zone of times that the protocol sends without an offset. */
    default ZoneId timeZone() {
        return ZoneOffset.UTC;
    }

    /** Whether {@link #field} is listened to: false on the hot path, where a codec spares itself the texts. */
    default boolean traced() {
        return false;
    }

    /** Tells what a run of bytes means. To be called in the order of the bytes, only while {@link #traced}. */
    default void field(Field field) {}
}
