// SPDX-License-Identifier: EPL-2.0
package org.meterway.dlt645;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.meterway.api.codec.FrameRejectedException;

/** Reads load records of a time, some at a time (2007: annex B, given time), until the end of the range or of the records. */
final class ProfileDialogue extends Asking {
    private static final int MOST_ROUNDS = 2_000;
    private final int di;
    private final Instant to;
    private final int records;
    private final List<LineFrame> frames = new ArrayList<>();
    private Instant asked;
    private Fetch fetch;
    private long values;
    private int rounds;

    /**
     * To read records.
     *
     * @param recordClass which values, 0 for all
     * @param from first time, inclusive
     * @param to last time, inclusive
     */
    ProfileDialogue(Access access, int recordClass, Instant from, Instant to) {
        super(access);
        this.di = 0x06000001 | recordClass << 16;
        this.to = to;
        this.records = access.number("records", 10, 1, 99);
        asked = from;
        fetch = fetch();
    }

    private Fetch fetch() {
        // The number of records is a BCD byte like every other number.
        byte[] count = {(byte) (records / 10 << 4 | records % 10)};
        return new Fetch(this, di, Access.concat(count, Access.time(access.local(asked), "YYMMDDhhmm")));
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
        Optional<Instant> latest;
        try {
            Look look = Look.at(fetch.bytes(), access.context());
            latest = look.latest();
            values += look.readings().size();
        } catch (FrameRejectedException rejected) {
            frames.add(fetch.lineFrame());
            return done("2.05", "stopped: " + rejected.getMessage(), Map.of(), frames);
        }
        if (latest.isPresent()) {
            frames.add(fetch.lineFrame());
        }
        rounds++;
        if (latest.isEmpty() || latest.get().isBefore(asked) || !latest.get().isBefore(to) || rounds >= MOST_ROUNDS) {
            return finished();
        }
        asked = latest.get().plus(Duration.ofMinutes(1));
        fetch = fetch();
        return fetch.start();
    }

    @Override
    Step refused(LinkFrame frame) {
        return frames.isEmpty() ? super.refused(frame) : finished();
    }

    private Step finished() {
        return done("2.05", values + " values", Map.of(), frames);
    }
}
