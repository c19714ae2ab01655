// SPDX-License-Identifier: EPL-2.0
package org.meterway.api.line;

/** Parity bit of a serial character. */
public enum Parity {
    NONE,
    EVEN,
    ODD
}
