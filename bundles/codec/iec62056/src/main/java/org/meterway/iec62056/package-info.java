// SPDX-License-Identifier: EPL-2.0
/** Decodes IEC 62056-21 data messages and P1 telegrams and asks meters in mode A to E. */
@NullMarked
package org.meterway.iec62056;

import org.jspecify.annotations.NullMarked;
