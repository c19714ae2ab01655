// SPDX-License-Identifier: EPL-2.0
package org.meterway.lwm2m;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.eclipse.leshan.core.link.Link;
import org.eclipse.leshan.core.link.LinkParseException;
import org.eclipse.leshan.core.link.lwm2m.DefaultLwM2mLinkParser;
import org.eclipse.leshan.core.link.lwm2m.LwM2mLink;

/**
 * Reads the object lists of registrations (RFC 6690). What the strict parser refuses is read once more without what registrations
 * do not need: blanks, slashes at the end, attributes other than the version, resource type and content formats. Answers to
 * discoveries are left unparsed: they are handed on as they came.
 */
final class LenientLinkParser extends DefaultLwM2mLinkParser {
    private static final Set<String> NEEDED = Set.of("rt", "ct", "ver");

    @Override
    public LwM2mLink[] parseLwM2mLinkFromCoreLinkFormat(byte[] bytes, String rootPath) {
        return new LwM2mLink[0];
    }

    @Override
    public Link[] parseCoreLinkFormat(byte[] bytes) throws LinkParseException {
        try {
            return super.parseCoreLinkFormat(bytes);
        } catch (LinkParseException strict) {
            return super.parseCoreLinkFormat(
                    simplified(new String(bytes, StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8));
        }
    }

    static String simplified(String links) {
        List<String> simple = new ArrayList<>();
        for (String link : split(links, ',')) {
            List<String> parts = split(link, ';');
            StringBuilder kept = new StringBuilder(withoutSlash(parts.get(0)));
            for (String attribute : parts.subList(1, parts.size())) {
                if (NEEDED.contains(attribute.split("=", 2)[0].strip())) {
                    kept.append(';').append(attribute);
                }
            }
            simple.add(kept.toString());
        }
        return String.join(",", simple);
    }

    private static String withoutSlash(String reference) {
        return reference.endsWith("/>") && reference.length() > 3
                ? reference.substring(0, reference.length() - 2) + ">"
                : reference;
    }

    /** Splits at a separator outside quotes; blanks around the parts go. */
    private static List<String> split(String text, char separator) {
        List<String> parts = new ArrayList<>();
        boolean quoted = false;
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else if (c == separator && !quoted) {
                parts.add(text.substring(start, i).strip());
                start = i + 1;
            }
        }
        parts.add(text.substring(start).strip());
        return parts;
    }
}
