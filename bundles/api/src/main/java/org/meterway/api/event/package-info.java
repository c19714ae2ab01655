// SPDX-License-Identifier: EPL-2.0
/** What happened in the gateway, for people and other bundles. */
@Export
@Version("1.0.0")
@NullMarked
package org.meterway.api.event;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
