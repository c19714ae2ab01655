// SPDX-License-Identifier: EPL-2.0
/** Device models: which resources of a meter are which quantities, as data. */
@Export
@Version("1.0.0")
@NullMarked
package org.meterway.api.model;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
