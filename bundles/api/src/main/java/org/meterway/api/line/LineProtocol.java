// SPDX-License-Identifier: EPL-2.0
package org.meterway.api.line;

import java.util.List;
import org.meterway.api.channel.Command;
import org.meterway.api.meter.LineAddress;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A protocol in which meters on a line are asked: from a command to frames, a pure function like {@link
 * org.meterway.api.codec.Codec}. Registered as a service by the protocol's bundle. Thread-safe.
 *
 * <p>Commands name quantities and objects by their OBIS codes: READ {@code 1-0:1.8.0}; READ of a load profile with the
 * attributes {@code from} and {@code to} (RFC 3339); WRITE {@code 0-0:1.0.0} (the clock) with an {@link java.time.Instant};
 * EXECUTE {@code 0-0:96.3.10} (the disconnector) with the arguments {@code connect} or {@code disconnect}; EXECUTE {@code
 * 0-0:96.130.0} freezes.
 */
@ConsumerType
public interface LineProtocol {
    /** Short unique name, for example {@code dlt645}; what {@link LineAddress#protocol()} says. */
    String name();

    /** The settings a line has unless its configuration says otherwise. */
    LineSettings settings();

    /** Other settings met in the field, the likelier first: what a probe tries. */
    List<LineSettings> otherSettings();

    /**
     * Begins to carry out a command.
     *
     * @throws IllegalArgumentException if the protocol has no such command or the address or an option is wrong
     */
    Dialogue dialogue(Command command, LineAddress address, DialogueContext context);

    /**
     * Begins the shortest exchange that any meter of the protocol answers, to find out whether one is there.
     *
     * @throws IllegalArgumentException if the address is wrong
     */
    Dialogue probe(LineAddress address, DialogueContext context);
}
