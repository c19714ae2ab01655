// SPDX-License-Identifier: EPL-2.0
package org.meterway.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The files esbuild made, read from this bundle when first asked for and kept. Their names carry a hash of their content
 * ({@code app-KF2EACUS.js}), so a name never changes its meaning. Thread-safe.
 */
final class Assets {
    /** Where the console is mounted; the import map needs absolute addresses. */
    static final String PATH = "/console/assets/";

    /** File name by entry point: {@code app.js → app-KF2EACUS.js}; chunks are not entry points but are listed too. */
    private final Map<String, String> names = new TreeMap<>();

    private final Map<String, Asset> loaded = new ConcurrentHashMap<>();

    Assets() {
        new String(read("assets.list"), UTF_8).lines().forEach(name -> names.put(entryPoint(name), name));
    }

    /** @return the file of that hashed name, empty if the console has none */
    Optional<Asset> file(String name) {
        if (!names.containsValue(name)) return Optional.empty();
        return Optional.of(loaded.computeIfAbsent(name, n -> Asset.of(n, read("assets/" + n))));
    }

    /** @return the address of an entry point such as {@code app.js} */
    String address(String entryPoint) {
        String name = names.get(entryPoint);
        if (name == null) throw new IllegalStateException("the console was built without " + entryPoint);
        return PATH + name;
    }

    /** Reads a file of this bundle's {@code web} folder. */
    static byte[] read(String name) {
        try (InputStream in = Assets.class.getResourceAsStream("/web/" + name)) {
            if (in == null) throw new IllegalStateException("the console was built without web/" + name);
            return in.readAllBytes();
        } catch (IOException e) {
            throw new IllegalStateException("cannot read web/" + name + " of the console's bundle", e);
        }
    }

    private static String entryPoint(String name) {
        if (name.startsWith("chunk-")) return name;
        return name.replaceFirst("-[0-9A-Z]{8}\\.", ".");
    }
}
