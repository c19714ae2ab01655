// SPDX-License-Identifier: EPL-2.0
/** Plans: what work is due at which meters, when and by when. */
@Export
@Version("1.0.0")
@NullMarked
package org.meterway.api.plan;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
