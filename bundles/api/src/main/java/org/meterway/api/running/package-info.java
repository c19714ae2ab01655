// SPDX-License-Identifier: EPL-2.0
/** The running state: how each meter and zone is judged from what was heard of it. */
@Export
@Version("1.0.0")
@NullMarked
package org.meterway.api.running;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
