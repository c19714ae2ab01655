// SPDX-License-Identifier: EPL-2.0
package org.meterway.api.model;

import java.util.Optional;

/** Which register a name in a frame means. Thread-safe; fast enough to be asked for every value. */
@FunctionalInterface
public interface RegisterNames {
    /**
     * Resolves a name.
     *
     * @param name an LwM2M path with a leading slash such as {@code /10243/0/14}, or an OBIS code such as {@code 1-0:1.8.0}
     * @return the register; empty if the name is no metering quantity
     */
    Optional<Register> resolve(String name);
}
