// SPDX-License-Identifier: EPL-2.0
/** Intake: frames become durable messages, messages become day profiles, and both are read as one. */
@NullMarked
package org.meterway.intake;

import org.jspecify.annotations.NullMarked;
