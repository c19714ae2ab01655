// SPDX-License-Identifier: EPL-2.0
package org.meterway.mbus;

import java.time.Duration;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import org.meterway.api.channel.Answer;
import org.meterway.api.line.DialogueContext;

/** Sets a meter's clock by a record of type F (EN 13757-3, annex A), which is of whole minutes. */
final class ClockDialogue extends MbusDialogue {
    private final Duration ahead;
    private final DialogueContext context;

    /** @param ahead what the time to be set is ahead of ours */
    ClockDialogue(MeterAddress address, Duration ahead, DialogueContext context) {
        super(address);
        this.ahead = ahead;
        this.context = context;
    }

    @Override
    Step ask(boolean acknowledged) {
        ZonedDateTime time = context.now().plus(ahead).atZone(context.timeZone());
        boolean summer = time.getZone().getRules().isDaylightSavings(time.toInstant());
        int year = time.getYear() - 2000;
        int day = time.getDayOfMonth() | (year & 7) << 5;
        int month = time.getMonthValue() | (year & 0x78) << 1;
        // The hundreds as meters since 2000 have them.
        int hour = time.getHour() | 1 << 5 | (summer ? 0x80 : 0);
        return tell((byte) 0x04, (byte) 0x6d, (byte) time.getMinute(), (byte) hour, (byte) day, (byte) month);
    }

    @Override
    Step answered(byte[] received) {
        return LinkFrames.acknowledged(received)
                ? new Done(new Answer(true, "2.04", "", Map.of(), ""), List.of())
                : new Wait();
    }
}
