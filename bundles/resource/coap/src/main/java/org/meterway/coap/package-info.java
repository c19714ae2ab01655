// SPDX-License-Identifier: EPL-2.0
/** The CoAP channel: readings posted by devices that are no LwM2M clients. */
@NullMarked
package org.meterway.coap;

import org.jspecify.annotations.NullMarked;
