// SPDX-License-Identifier: EPL-2.0
package org.meterway.scheduling.dispatch;

import static java.util.Objects.requireNonNull;

/**
 * What became of one attempt.
 *
 * @param kind what happened
 * @param reason in words for people; empty if there is nothing to say
 */
public record Outcome(Kind kind, String reason) {
    public static final Outcome DONE = new Outcome(Kind.DONE, "");

    public Outcome {
        requireNonNull(kind, "kind");
        requireNonNull(reason, "reason");
    }

    /** What happened. */
    public enum Kind {
        /** The meter did it. */
        DONE,
        /** The meter, or the channel for it, said no: again would be no better. */
        REFUSED,
        /** The meter answered that it cannot now. */
        BUSY,
        /** No answer came: it is not known whether it was done. */
        UNANSWERED,
        /** It was never sent: certainly not done, and no fault of the meter. */
        NOT_SENT
    }
}
