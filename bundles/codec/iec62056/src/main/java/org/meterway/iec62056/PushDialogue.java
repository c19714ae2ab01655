// SPDX-License-Identifier: EPL-2.0
package org.meterway.iec62056;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.meterway.api.channel.Answer;
import org.meterway.api.codec.ContentTypes;
import org.meterway.api.codec.Decoded;
import org.meterway.api.codec.FrameRejectedException;
import org.meterway.api.line.Dialogue;

/**
 * Listens to a meter that sends by itself, as mode D and P1 meters do. The line's answer time-out must be longer than the meter's pause
 * between telegrams.
 */
final class PushDialogue implements Dialogue {
    private final Access access;
    private final List<String> paths;
    private int from;

    PushDialogue(Access access, List<String> paths) {
        this.access = access;
        this.paths = paths;
    }

    @Override
    public Step start() {
        return new Wait();
    }

    @Override
    public Step silence(byte[] received) {
        return received(received) instanceof Done done ? done : new Wait();
    }

    @Override
    public Step received(byte[] received) {
        int end = end(received);
        if (end < 0) {
            return new Wait();
        }
        byte[] telegram = Arrays.copyOfRange(received, Math.min(from, end), end);
        try {
            Decoded decoded = Answers.decode(telegram, "", access.context());
            if (access.checksIdentity() && !Answers.isOf(telegram, access.address())) {
                from = end;
                return new Wait();
            }
            Map<String, Object> values = Answers.values(telegram, decoded, paths);
            boolean found = !values.isEmpty() || paths.isEmpty();
            String missing = found ? "" : "the telegram has no " + paths.get(0);
            return new Done(
                    new Answer(found, found ? "2.05" : "4.04", missing, values, ""),
                    List.of(new LineFrame(ContentTypes.IEC62056, "", telegram)));
        } catch (FrameRejectedException damaged) {
            // The next one comes by itself.
            from = end;
            return new Wait();
        }
    }

    /** Behind the last complete telegram, −1 if there is none behind the ones already seen. */
    private int end(byte[] received) {
        int cipher = EncryptedTelegrams.start(received, Math.min(from, received.length));
        if (cipher >= 0) {
            int length = EncryptedTelegrams.length(received, cipher);
            return length > 0 && cipher + length <= received.length ? cipher + length : -1;
        }
        byte[] bytes = Wire.masked(received);
        for (int i = bytes.length - 1; i > from; i--) {
            if (bytes[i] == '\n') {
                int bang = i - 1;
                while (bang > from && i - bang < 8 && bytes[bang] != '!' && bytes[bang] != '\n') {
                    bang--;
                }
                if (bytes[bang] == '!' && Wire.identification(Arrays.copyOfRange(bytes, from, i + 1)) != null) {
                    return i + 1;
                }
            }
        }
        return -1;
    }
}
