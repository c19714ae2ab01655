// SPDX-License-Identifier: EPL-2.0
package org.meterway.api.meter;

/**
 * A pre-shared key and the only endpoint that may register with it.
 *
 * @param endpoint LwM2M endpoint name the key is bound to
 * @param credential the key
 */
public record PskBinding(String endpoint, Credential.PreSharedKey credential) {}
