// SPDX-License-Identifier: EPL-2.0
package org.meterway.inventory;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The application keys of a meter. Immutable; never shown. Names are told apart by their letters and digits alone, and shown in lower
 * case with {@code _} where {@code _} or {@code -} was.
 */
final class Keys {
    static final Keys NONE = new Keys(new TreeMap<>());
    private static final int MAX_KEYS = 32;
    private static final int MAX_BYTES = 1_024;

    private final SortedMap<String, Key> byName;

    private Keys(SortedMap<String, Key> byName) {
        this.byName = byName;
    }

    Optional<byte[]> find(String name) {
        return Optional.ofNullable(byName.get(plain(name))).map(key -> key.secret.clone());
    }

    Set<String> names() {
        Set<String> names = new TreeSet<>();
        byName.values().forEach(key -> names.add(key.name));
        return names;
    }

    boolean isEmpty() {
        return byName.isEmpty();
    }

    /**
     * These keys with some replaced, or removed where there are no bytes.
     *
     * @throws IllegalArgumentException naming the key that is wrong, never its bytes
     */
    Keys with(Map<String, byte[]> changes) {
        SortedMap<String, Key> changed = new TreeMap<>(byName);
        changes.forEach((name, secret) -> {
            if (!name.matches("[A-Za-z0-9_-]{1,64}") || plain(name).isEmpty()) {
                throw new IllegalArgumentException(
                        "the name of a key must be 1–64 characters of A-Z a-z 0-9 _ -, was '" + name + "'");
            }
            if (secret.length > MAX_BYTES) {
                throw new IllegalArgumentException(
                        "the key " + name + " must have at most " + MAX_BYTES + " bytes, has " + secret.length);
            }
            if (secret.length == 0) {
                changed.remove(plain(name));
            } else {
                changed.put(plain(name), new Key(name.toLowerCase(Locale.ROOT).replace('-', '_'), secret.clone()));
            }
        });
        if (changed.size() > MAX_KEYS) {
            throw new IllegalArgumentException(
                    "a meter has at most " + MAX_KEYS + " keys, would have " + changed.size());
        }
        return new Keys(changed);
    }

    private static String plain(String name) {
        return name.replace("_", "").replace("-", "").toLowerCase(Locale.ROOT);
    }

    @Override
    public String toString() {
        return names().toString();
    }

    /** Without a generated {@code toString}, which would show the secret. */
    private static final class Key {
        private final String name;
        private final byte[] secret;

        private Key(String name, byte[] secret) {
            this.name = name;
            this.secret = secret;
        }
    }
}
