// SPDX-License-Identifier: EPL-2.0
/** Intake: where a frame becomes durable readings before the meter is answered. */
@Export
@Version("1.0.0")
@NullMarked
package org.meterway.api.intake;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
