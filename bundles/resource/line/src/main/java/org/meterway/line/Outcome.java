// SPDX-License-Identifier: EPL-2.0
package org.meterway.line;

import org.meterway.api.line.Dialogue;

/** How an exchange ended. */
sealed interface Outcome {
    /** The meter answered. */
    record Answered(Dialogue.Done done) implements Outcome {}

    /** The meter said something, but the exchange could not go on. */
    record Broken(String reason) implements Outcome {}

    /** The meter did not answer in time. */
    record Silent(String reason) implements Outcome {}
}
