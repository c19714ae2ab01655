// SPDX-License-Identifier: EPL-2.0
/** Codes readings as DTMF digits and tones and back. */
@NullMarked
package org.meterway.dtmf;

import org.jspecify.annotations.NullMarked;
