// SPDX-License-Identifier: EPL-2.0
/** Decodes DLMS/COSEM over HDLC, wrapper and M-Bus and asks meters in it. */
@NullMarked
package org.meterway.dlms;

import org.jspecify.annotations.NullMarked;
