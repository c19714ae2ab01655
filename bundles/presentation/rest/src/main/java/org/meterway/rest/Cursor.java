// SPDX-License-Identifier: EPL-2.0
package org.meterway.rest;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/** Where a list goes on: the sort key of the last item handed out, opaque to clients. */
final class Cursor {
    private static final String SEPARATOR = "\u0000";

    private Cursor() {}

    static String of(String... parts) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(String.join(SEPARATOR, parts).getBytes(StandardCharsets.UTF_8));
    }

    /** @throws Problem 400 if it was not made by {@link #of} with as many parts */
    static List<String> parse(String cursor, int parts) {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(cursor);
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            List<String> found = List.of(text.split(SEPARATOR, -1));
            if (found.size() == parts) {
                return found;
            }
        } catch (IllegalArgumentException | CharacterCodingException e) {
            // reported below
        }
        throw Problem.bad("the parameter cursor must be the next of the page before, was '" + cursor + "'");
    }
}
