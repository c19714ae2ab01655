// SPDX-License-Identifier: EPL-2.0
package org.meterway.api.store;

import java.util.List;

/**
 * A part of all messages.
 *
 * @param messages those that were asked for, in the order of their numbers, perhaps without their readings
 * @param through all messages up to this number have been looked at
 */
public record MessagePage(List<StoredMessage> messages, long through) {
    public MessagePage {
        messages = List.copyOf(messages);
    }
}
