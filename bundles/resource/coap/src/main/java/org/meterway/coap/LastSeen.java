// SPDX-License-Identifier: EPL-2.0
package org.meterway.coap;

import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.meterway.api.channel.Connection;

/** When and from where meters posted last, of a bounded number of meters. Thread-safe. */
final class LastSeen {
    private final int most;
    private final Map<String, Seen> meters = new ConcurrentHashMap<>();

    private record Seen(InetSocketAddress address, long atMs) {}

    LastSeen(int most) {
        this.most = most;
    }

    void note(String meter, InetSocketAddress address, long atMs) {
        boolean known = meters.put(meter, new Seen(address, atMs)) != null;
        if (!known && meters.size() > most) {
            // Which one goes does not matter: it comes back with its next message.
            Iterator<String> any = meters.keySet().iterator();
            if (any.hasNext()) {
                String other = any.next();
                meters.remove(other.equals(meter) && any.hasNext() ? any.next() : other);
            }
        }
    }

    Optional<Connection> of(String meter) {
        return Optional.ofNullable(meters.get(meter))
                .map(seen -> new Connection(
                        CoapChannel.NAME,
                        Connection.State.UNREGISTERED,
                        seen.address.getAddress().getHostAddress() + ":" + seen.address.getPort(),
                        Instant.ofEpochMilli(seen.atMs)));
    }

    int size() {
        return meters.size();
    }
}
