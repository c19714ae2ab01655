// SPDX-License-Identifier: EPL-2.0
package org.meterway.api.intake;

/**
 * The gateway answers for this message from now on.
 *
 * @param message its sequence number
 * @param readings how many readings it brought
 */
public record Receipt(long message, int readings) {}
