// SPDX-License-Identifier: EPL-2.0
/** Integrity: which of the expected intervals are there. */
@Export
@Version("1.0.0")
@NullMarked
package org.meterway.api.ledger;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
