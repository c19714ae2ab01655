// SPDX-License-Identifier: EPL-2.0
package org.meterway.dlt645;

import java.io.ByteArrayOutputStream;
import org.meterway.api.codec.ContentTypes;
import org.meterway.api.line.Dialogue.LineFrame;
import org.meterway.api.line.Dialogue.Step;
import org.meterway.api.line.Dialogue.Wait;

/** Reads the data of one identifier, with the frames that follow when they do not fit into one. */
final class Fetch {
    private static final int MOST_FRAMES = 256;
    private final Asking asking;
    private final Edition edition;
    private final int di;
    private final byte[] identifier;
    private final byte[] parameters;
    private final ByteArrayOutputStream frames = new ByteArrayOutputStream();
    private int sequence;

    Fetch(Asking asking, int di, byte[] parameters) {
        this.asking = asking;
        this.edition = asking.access.edition();
        this.di = di;
        this.identifier = asking.access.identifier(di);
        this.parameters = parameters.clone();
    }

    int di() {
        return di;
    }

    Step start() {
        Function function = edition == Edition.E2007 ? Function.READ : Function.READ_97;
        return asking.ask(function, Access.concat(identifier, parameters));
    }

    /** Takes an answer; null when all is there, else what to do next. */
    @org.jspecify.annotations.Nullable
    Step take(LinkFrame frame) {
        if (!ours(frame)) {
            return new Wait();
        }
        frames.writeBytes(frame.copy());
        sequence++;
        if (!frame.followed() || sequence >= MOST_FRAMES) {
            return null;
        }
        return edition == Edition.E2007
                ? asking.ask(Function.READ_FOLLOWING, Access.concat(identifier, new byte[] {(byte) sequence}))
                : asking.ask(Function.READ_FOLLOWING_97, identifier);
    }

    /** Of this identifier, and in the 2007 edition the frame that is next. */
    private boolean ours(LinkFrame frame) {
        if (frame.length() < identifier.length) {
            return false;
        }
        for (int i = 0; i < identifier.length; i++) {
            if (frame.plain(i) != (identifier[i] & 0xFF)) {
                return false;
            }
        }
        return sequence == 0
                || edition == Edition.E1997
                || frame.length() > identifier.length && frame.plain(frame.length() - 1) == (sequence & 0xFF);
    }

    byte[] bytes() {
        return frames.toByteArray();
    }

    LineFrame lineFrame() {
        return new LineFrame(ContentTypes.DLT645, "", bytes());
    }
}
