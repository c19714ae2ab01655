// SPDX-License-Identifier: EPL-2.0
package org.meterway.api.store;

/**
 * A {@link ParkedFrame} in short.
 *
 * @param number its number
 * @param message number of its message, 0 if it was refused
 * @param meter who sent it
 * @param bytes length of the frame
 */
public record ParkedEntry(long number, long message, String meter, int bytes) {}
