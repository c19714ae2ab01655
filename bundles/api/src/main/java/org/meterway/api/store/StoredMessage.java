// SPDX-License-Identifier: EPL-2.0
package org.meterway.api.store;

/**
 * A message with its place in the order of acceptance.
 *
 * @param sequence its number, positive
 * @param message the message; of a settled one the list of readings may be empty, they are in the profiles
 */
public record StoredMessage(long sequence, Message message) {}
