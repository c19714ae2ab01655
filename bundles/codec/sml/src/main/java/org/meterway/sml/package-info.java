// SPDX-License-Identifier: EPL-2.0
/** Decodes Smart Message Language transport frames. */
@NullMarked
package org.meterway.sml;

import org.jspecify.annotations.NullMarked;
