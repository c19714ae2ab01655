// SPDX-License-Identifier: EPL-2.0
package org.meterway.api.meter;

import static java.util.Objects.requireNonNull;

import java.util.Map;

/**
 * Where a meter is found on a line.
 *
 * @param line name of the line, 1–64 characters
 * @param protocol name of the protocol it is asked in, for example {@code dlt645}
 * @param address its address in that protocol, for example {@code 000000000161}; empty if the protocol needs none
 * @param options further settings of the protocol, for example {@code clientSap} to {@code 16}; at most 32; no secrets, those are
 *     keys ({@link Inventory#key})
 */
public record LineAddress(String line, String protocol, String address, Map<String, String> options) {
    public LineAddress {
        requireNonNull(line, "line");
        requireNonNull(protocol, "protocol");
        requireNonNull(address, "address");
        if (!line.matches("[A-Za-z0-9._:-]{1,64}")) {
            throw new IllegalArgumentException(
                    "line must be 1–64 characters of A-Z a-z 0-9 . _ : -, was '" + line + "'");
        }
        if (!protocol.matches("[a-z0-9-]{1,32}")) {
            throw new IllegalArgumentException("protocol must be 1–32 characters of a-z 0-9 -, was '" + protocol + "'");
        }
        if (address.length() > 64) {
            throw new IllegalArgumentException("address must be at most 64 characters, was " + address.length());
        }
        if (options.size() > 32) {
            throw new IllegalArgumentException("at most 32 options are kept, were " + options.size());
        }
        options = Map.copyOf(options);
    }
}
