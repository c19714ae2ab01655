// SPDX-License-Identifier: EPL-2.0
/** Orders: the work of a plan for one meter at one due time, and what became of it. */
@Export
@Version("1.0.0")
@NullMarked
package org.meterway.api.order;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
