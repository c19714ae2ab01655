// SPDX-License-Identifier: EPL-2.0
/** The channel contract: how meters are reached, whatever they speak. */
@Export
@Version("1.0.0")
@NullMarked
package org.meterway.api.channel;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
