// SPDX-License-Identifier: EPL-2.0
/** Server identity for DTLS, copied into each channel that needs it; no bundle exports it. */
package org.meterway.dtls;
