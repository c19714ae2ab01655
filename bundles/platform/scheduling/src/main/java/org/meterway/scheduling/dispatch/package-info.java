// SPDX-License-Identifier: EPL-2.0
/**
 * The dispatcher: a decision loop without threads, clocks or sockets of its own. What drives it gives it the time, the wire and the
 * random numbers, so that the gateway, a rehearsal and a simulation of years run the very same code.
 */
@NullMarked
package org.meterway.scheduling.dispatch;

import org.jspecify.annotations.NullMarked;
