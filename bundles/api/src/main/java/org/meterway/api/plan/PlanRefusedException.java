// SPDX-License-Identifier: EPL-2.0
package org.meterway.api.plan;

/** A plan cannot be kept. The message says which part is wrong and what is expected. */
public final class PlanRefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean conflict;

    private PlanRefusedException(String message, boolean conflict) {
        super(message);
        this.conflict = conflict;
    }

    /** Something in the plan is wrong. */
    public static PlanRefusedException wrong(String message) {
        return new PlanRefusedException(message, false);
    }

    /** The plan was changed by somebody else meanwhile, or needs an approval it does not have. */
    public static PlanRefusedException conflict(String message) {
        return new PlanRefusedException(message, true);
    }

    /** Whether the plan could be kept under other circumstances. */
    public boolean isConflict() {
        return conflict;
    }
}
