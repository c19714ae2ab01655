// SPDX-License-Identifier: EPL-2.0
package org.meterway.api.line;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;
import org.meterway.api.channel.Answer;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * One exchange with one meter as a state machine without input or output: the line sends what it says and gives it what comes. It
 * finds its frames between noise and leftovers of others by itself. Used by one thread.
 */
@ConsumerType
public interface Dialogue {
    /** The first step; called once. */
    Step start();

    /**
     * More came.
     *
     * @param received all bytes received since the last {@link Send}, the new ones at the end, without our own echo; at most 64 KiB
     * @return {@link Wait} until an answer is complete
     */
    Step received(byte[] received);

    /**
     * Nothing (more) came within the time-outs although the dialogue waits. The line counts the silences since the last progress
     * and gives up after its settings' retries.
     *
     * @param received what came since the last {@link Send}, possibly noise or half an answer; may be empty
     * @return what to send again: the last question, or the protocol's own request to repeat; or {@link Done} when silence is what
     *     ends this exchange
     */
    Step silence(byte[] received);

    /** What the line does next. */
    sealed interface Step permits Send, Wait, Done, Failed {}

    /**
     * Send this and wait for an answer.
     *
     * @param bytes to send
     * @param before settings to change to before sending, for a changed rate; empty for no change
     * @param answered whether an answer is expected; when not, {@link Dialogue#silence} follows after the turnaround
     */
    record Send(byte[] bytes, Optional<LineSettings> before, boolean answered) implements Step {
        public Send {
            requireNonNull(bytes, "bytes");
            requireNonNull(before, "before");
        }

        /** A question at the settings there are. */
        public static Send of(byte[] bytes) {
            return new Send(bytes, Optional.empty(), true);
        }
    }

    /** Wait for more bytes. */
    record Wait() implements Step {}

    /**
     * The exchange is over and the meter answered, be it with a refusal.
     *
     * @param answer for who gave the command; codes as CoAP has them, for example {@code 2.05}, or {@code 4.04} for no such data
     * @param frames what goes to intake, so that every value can be traced to its bytes; empty when the meter sent no readings
     */
    record Done(Answer answer, List<LineFrame> frames) implements Step {
        public Done {
            requireNonNull(answer, "answer");
            frames = List.copyOf(frames);
        }
    }

    /**
     * The exchange cannot go on.
     *
     * @param reason what was expected and what came
     */
    record Failed(String reason) implements Step {
        public Failed {
            requireNonNull(reason, "reason");
        }
    }

    /**
     * Bytes a meter sent, ready to be decoded alone.
     *
     * @param contentType which codec decodes them
     * @param target what they answer, in the protocol's own text, when they do not say so themselves; else empty
     * @param bytes as they came
     */
    record LineFrame(String contentType, String target, byte[] bytes) {
        public LineFrame {
            requireNonNull(contentType, "contentType");
            requireNonNull(target, "target");
            requireNonNull(bytes, "bytes");
        }
    }
}
