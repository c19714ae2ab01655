// SPDX-License-Identifier: EPL-2.0
/** Plans, orders and their dispatch. */
@NullMarked
package org.meterway.scheduling;

import org.jspecify.annotations.NullMarked;
