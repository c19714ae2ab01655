// SPDX-License-Identifier: EPL-2.0
/** Talks to meters over serial ports and TCP serial servers. */
@NullMarked
package org.meterway.line;

import org.jspecify.annotations.NullMarked;
