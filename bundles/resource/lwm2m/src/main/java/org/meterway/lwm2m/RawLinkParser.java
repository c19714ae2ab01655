// SPDX-License-Identifier: EPL-2.0
package org.meterway.lwm2m;

import org.eclipse.leshan.core.link.lwm2m.DefaultLwM2mLinkParser;
import org.eclipse.leshan.core.link.lwm2m.LwM2mLink;

/** Leaves answers to discoveries unparsed: they are handed on as they came, with attributes Leshan does not know too. */
final class RawLinkParser extends DefaultLwM2mLinkParser {
    @Override
    public LwM2mLink[] parseLwM2mLinkFromCoreLinkFormat(byte[] bytes, String rootPath) {
        return new LwM2mLink[0];
    }
}
