// SPDX-License-Identifier: EPL-2.0
/** Emulated meters on lines, for tests. */
@NullMarked
package org.meterway.linemeters;

import org.jspecify.annotations.NullMarked;
