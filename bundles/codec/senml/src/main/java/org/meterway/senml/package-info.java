// SPDX-License-Identifier: EPL-2.0
/** The SenML codec: RFC 8428 in JSON and CBOR, as LwM2M and plain CoAP meters send it. */
@NullMarked
package org.meterway.senml;

import org.jspecify.annotations.NullMarked;
