// SPDX-License-Identifier: EPL-2.0
package org.meterway.rest;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import org.meterway.api.channel.Channel;
import org.meterway.api.channel.Connection;

/** How meters stand, over all channels. */
final class Connections {
    /** A way that works before one that does not; then the one heard of last. */
    private static final Comparator<Connection> BEST = Comparator.<Connection, Boolean>comparing(
                    connection -> connection.state() != Connection.State.UNREGISTERED)
            .thenComparing(Connection::lastSeen);

    private Connections() {}

    static Optional<Connection> best(Collection<Channel> channels, String meter) {
        Connection best = null;
        for (Channel channel : channels) {
            Optional<Connection> connection = channel.connection(meter);
            if (connection.isPresent() && (best == null || BEST.compare(connection.get(), best) > 0)) {
                best = connection.get();
            }
        }
        return Optional.ofNullable(best);
    }

    /** The channel of the best connection. */
    static Optional<Channel> channel(Collection<Channel> channels, String meter) {
        return best(channels, meter).flatMap(connection -> channels.stream()
                .filter(channel -> channel.name().equals(connection.channel()))
                .findFirst());
    }

    static String state(Optional<Connection> connection) {
        return connection
                .map(known -> known.state().name().toLowerCase(Locale.ROOT))
                .orElse("never");
    }
}
