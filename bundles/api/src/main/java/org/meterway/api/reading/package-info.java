// SPDX-License-Identifier: EPL-2.0
/** Readings and what identifies them: quantity, interval, quality; and the query that sees all of them. */
@Export
@Version("1.0.0")
@NullMarked
package org.meterway.api.reading;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
