// SPDX-License-Identifier: EPL-2.0
/** What each bundle says of its own condition. */
@Export
@Version("1.0.0")
@NullMarked
package org.meterway.api.health;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
