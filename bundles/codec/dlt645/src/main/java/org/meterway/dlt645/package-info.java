// SPDX-License-Identifier: EPL-2.0
/** Decodes DL/T 645-2007 and -1997 frames and asks meters in them. */
@NullMarked
package org.meterway.dlt645;

import org.jspecify.annotations.NullMarked;
