// SPDX-License-Identifier: EPL-2.0
package org.meterway.console;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.zip.GZIPOutputStream;

/**
 * One file of the console, ready to be sent.
 *
 * @param type media type with charset
 * @param body the bytes as built
 * @param gzip the same bytes compressed
 * @param hash identifies the body; base of the entity tags
 */
record Asset(String type, byte[] body, byte[] gzip, String hash) {
    static Asset of(String name, byte[] body) {
        return new Asset(typeOf(name), body, compress(body), Sha256.hex(body));
    }

    /** The two encodings are different entities: a cache must not take one for the other. */
    String etag(boolean compressed) {
        return '"' + hash.substring(0, 32) + (compressed ? "-gz" : "") + '"';
    }

    private static String typeOf(String name) {
        return switch (name.substring(name.lastIndexOf('.') + 1)) {
            case "js" -> "text/javascript; charset=utf-8";
            case "css" -> "text/css; charset=utf-8";
            case "html" -> "text/html; charset=utf-8";
            case "txt", "md" -> "text/plain; charset=utf-8";
            case "svg" -> "image/svg+xml";
            default -> "application/octet-stream";
        };
    }

    private static byte[] compress(byte[] body) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(body.length / 2 + 64);
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(body);
        } catch (IOException e) {
            throw new UncheckedIOException("compressing in memory", e);
        }
        return out.toByteArray();
    }
}
