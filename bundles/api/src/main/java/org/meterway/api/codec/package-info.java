// SPDX-License-Identifier: EPL-2.0
/** The codec contract: from a meter's frame to readings, a pure function. */
@Export
@Version("1.0.0")
@NullMarked
package org.meterway.api.codec;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
