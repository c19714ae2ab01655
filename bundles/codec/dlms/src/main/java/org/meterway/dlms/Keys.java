// SPDX-License-Identifier: EPL-2.0
package org.meterway.dlms;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The secrets of one meter by the names people give them. */
final class Keys {
    private static final List<String> ENCRYPTION =
            List.of("encryption_key", "ek", "guek", "gek", "global_unicast_encryption_key", "key");
    private static final List<String> BROADCAST = List.of("broadcast_key", "gbek", "global_broadcast_encryption_key");
    private static final List<String> AUTHENTICATION = List.of("authentication_key", "ak", "gak");
    private static final List<String> DEDICATED = List.of("dedicated_key", "dk");
    private static final List<String> TITLE = List.of("system_title", "server_system_title", "title");
    private static final List<String> CLIENT_TITLE = List.of("client_system_title", "client_title");
    private static final List<String> PASSWORD = List.of("password", "lls_password", "secret");
    private final Function<String, Optional<byte[]>> keys;

    Keys(Function<String, Optional<byte[]>> keys) {
        this.keys = keys;
    }

    Optional<byte[]> encryption() {
        return first(ENCRYPTION);
    }

    /** The broadcast key, for messages to many; the unicast key where none is known. */
    Optional<byte[]> broadcast() {
        return first(BROADCAST).or(this::encryption);
    }

    Optional<byte[]> authentication() {
        return first(AUTHENTICATION);
    }

    Optional<byte[]> dedicated() {
        return first(DEDICATED);
    }

    Optional<byte[]> systemTitle() {
        return first(TITLE);
    }

    Optional<byte[]> clientTitle() {
        return first(CLIENT_TITLE);
    }

    Optional<byte[]> password() {
        return first(PASSWORD);
    }

    private Optional<byte[]> first(List<String> names) {
        for (String name : names) {
            Optional<byte[]> found = keys.apply(name);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }
}
