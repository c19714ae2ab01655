// SPDX-License-Identifier: EPL-2.0
package org.meterway.lwm2m;

/**
 * How many meters are there.
 *
 * @param registered registered now
 * @param asleep of them, in queue mode and not listening now
 */
record PresenceCount(int registered, int asleep) {}
