// SPDX-License-Identifier: EPL-2.0
package org.meterway.console;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * The one HTML page and its content security policy. The import map stands in the page (browsers accept it nowhere else), so
 * the policy names the hash of its exact bytes; a vendor's module resolves {@code lit} and {@code console/api} through it.
 */
final class IndexPage {
    private final Asset html;
    private final String policy;

    IndexPage(Assets assets) {
        String importMap = "{\"imports\":{\"lit\":\"%s\",\"console/api\":\"%s\"}}"
                .formatted(assets.address("lit.js"), assets.address("api.js"));
        String page = new String(Assets.read("index.html"), UTF_8)
                .replace("${style}", assets.address("console.css"))
                .replace("${app}", assets.address("app.js"))
                .replace("${importmap}", importMap);
        html = Asset.of("index.html", page.getBytes(UTF_8));
        policy = policy(Sha256.source(importMap.getBytes(UTF_8)), styleHashes());
    }

    Asset html() {
        return html;
    }

    String policy() {
        return policy;
    }

    private static String policy(String importMapHash, String styleHashes) {
        return String.join(
                "; ",
                "default-src 'none'",
                "script-src 'self' " + importMapHash,
                "style-src 'self' " + styleHashes,
                "img-src 'self' data:",
                "connect-src 'self'",
                "font-src 'self'",
                "base-uri 'none'",
                "frame-ancestors 'none'",
                "form-action 'self'");
    }

    /** The {@code <style>} elements Vaadin's components put into the page; a browser test keeps the list complete. */
    private static String styleHashes() {
        return String.join(
                " ",
                new String(Assets.read("style-hashes.txt"), UTF_8)
                        .lines()
                        .filter(line -> line.startsWith("sha256-"))
                        .map(line -> "'" + line.split("\\s", 2)[0] + "'")
                        .toList());
    }
}
