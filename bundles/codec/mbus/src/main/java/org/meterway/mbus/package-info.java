// SPDX-License-Identifier: EPL-2.0
/** Decodes EN 13757 frames and asks meters in them. */
@NullMarked
package org.meterway.mbus;

import org.jspecify.annotations.NullMarked;
