// SPDX-License-Identifier: EPL-2.0
package org.meterway.dlt645;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.List;
import java.util.Map;
import org.meterway.api.codec.FrameRejectedException;

/** Reads the clock: date, time and the date again, because midnight may have passed between them. */
final class ClockReadDialogue extends Asking {
    private static final Format DATE = Format.parse("YYMMDDWW");
    private static final Format TIME = Format.parse("hhmmss");
    private final String path;
    private Fetch fetch;
    private LocalDate date = LocalDate.EPOCH;
    private LocalTime time = LocalTime.MIDNIGHT;
    private int step;

    ClockReadDialogue(Access access, String path) {
        super(access);
        this.path = path;
        fetch = new Fetch(this, Clock.date(access.edition()), new byte[0]);
    }

    @Override
    public Step start() {
        return fetch.start();
    }

    @Override
    Step answered(LinkFrame frame) {
        Step more = fetch.take(frame);
        if (more != null) {
            return more;
        }
        try {
            Run run = Run.of(frame);
            int at = access.edition().identifierLength();
            if (step == 1) {
                run.require(at, TIME.bytes(), "time");
                time = LocalTime.parse(Values.time(run, at, TIME, "time"));
            } else {
                run.require(at, DATE.bytes(), "date");
                LocalDate read =
                        LocalDate.parse(Values.time(run, at, DATE, "date").substring(0, 10));
                boolean beforeMidnight = step == 2 && !read.equals(date) && time.getHour() == 23;
                date = beforeMidnight ? date : read;
            }
        } catch (FrameRejectedException rejected) {
            return new Failed("the clock cannot be read: " + rejected.getMessage());
        }
        step++;
        if (step < 3) {
            fetch = new Fetch(
                    this, step == 1 ? Clock.time(access.edition()) : Clock.date(access.edition()), new byte[0]);
            return fetch.start();
        }
        Object clock =
                LocalDateTime.of(date, time).atZone(access.context().timeZone()).toInstant();
        return done("2.05", "", Map.of(path, clock), List.of());
    }
}
