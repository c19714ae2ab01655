// SPDX-License-Identifier: EPL-2.0
/** The store contract: rows only, no rules. Implemented once per database. */
@Export
@Version("1.0.0")
@NullMarked
package org.meterway.api.store;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
