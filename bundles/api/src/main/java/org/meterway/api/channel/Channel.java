// SPDX-License-Identifier: EPL-2.0
package org.meterway.api.channel;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ConsumerType;

/** A way to reach meters. Registered as a service by each bundle that talks to devices. Thread-safe. */
@ConsumerType
public interface Channel {
    /** Short unique name, for example {@code lwm2m}. */
    String name();

    /** How a meter stands with this channel; empty if this channel has never seen it since the gateway started. */
    Optional<Connection> connection(String meter);

    /** How many meters are registered now, those asleep included. */
    int registered();

    /** How many of the registered meters are asleep (queue mode, LwM2M Core 1.1, 6.2). */
    int asleep();

    /** The objects a registered meter says it has; empty if it is not registered or has none. */
    List<ManagedObject> objects(String meter);

    /**
     * Carries out a command. Never blocks. A sleeping meter's command waits for its wake window within the time-out, in bounded
     * number.
     *
     * @return completes with the meter's answer, whatever its code; completes with {@link MeterUnavailableException} if there was
     *     none in time, or with {@link IllegalArgumentException} if the channel cannot carry out such a command
     */
    CompletionStage<Answer> send(Command command);
}
