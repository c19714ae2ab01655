// SPDX-License-Identifier: EPL-2.0
/** The LwM2M channel: meters register, send and are commanded over CoAP and DTLS. */
@NullMarked
package org.meterway.lwm2m;

import org.jspecify.annotations.NullMarked;
