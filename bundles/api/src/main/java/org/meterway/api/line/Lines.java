// SPDX-License-Identifier: EPL-2.0
package org.meterway.api.line;

import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/** The lines there are, and the search for meters on them. Thread-safe; nothing blocks on a line. */
@ProviderType
public interface Lines {
    /** How every line is, by name. */
    List<LineStatus> lines();

    /**
     * Starts to find out what answers on a line, between its other work: tries the known settings of protocols, one exchange each.
     *
     * @param line name of the line
     * @param protocols names of the protocols to try, in this order; empty for all that are installed
     * @param address to ask at, in the protocols' form; empty for whatever each protocol has to address any meter
     * @return how it stands, see {@link #probe(String)}
     * @throws IllegalArgumentException if there is no such line or protocol
     * @throws IllegalStateException if the line is being probed already
     */
    LineProbe startProbe(String line, List<String> protocols, String address);

    /** How the running or else the last probe of a line stands; empty if it was not probed since the gateway started. */
    Optional<LineProbe> probe(String line);

    /** Ends a running probe after the exchange it is in. Returns whether one was running. */
    boolean stopProbe(String line);
}
