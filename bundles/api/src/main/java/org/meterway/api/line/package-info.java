// SPDX-License-Identifier: EPL-2.0
/** Lines: how meters on serial ports and serial servers are asked, whatever their protocol. */
@Export
@Version("1.0.0")
@NullMarked
package org.meterway.api.line;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
