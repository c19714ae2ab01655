// SPDX-License-Identifier: EPL-2.0
/** Meters, their credentials and the inventory that owns them. */
@Export
@Version("1.0.0")
@NullMarked
package org.meterway.api.meter;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
