// SPDX-License-Identifier: EPL-2.0
package org.meterway.api.plan;

/**
 * What happens with due times whose window passed while the gateway was down. A window that is still open is always resumed.
 */
public enum CatchUp {
    /** The work of each is carried out now, in a window counted from now; at most the latest 100. */
    ALL,
    /** That of the latest is carried out now; the others expire. */
    LATEST,
    /** They expire. */
    NONE
}
