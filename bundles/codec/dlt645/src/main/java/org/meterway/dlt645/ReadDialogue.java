// SPDX-License-Identifier: EPL-2.0
package org.meterway.dlt645;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.meterway.api.codec.FrameRejectedException;

/** Reads quantities one after the other. */
final class ReadDialogue extends Asking {
    private final List<String> paths;
    private final List<Integer> identifiers;
    private final Map<String, Object> values = new LinkedHashMap<>();
    private final List<LineFrame> frames = new ArrayList<>();
    private final List<String> refusals = new ArrayList<>();
    private @Nullable Step lastRefusal;
    private int next;
    private Fetch fetch;

    /**
     * To read these.
     *
     * @param paths what was asked for
     * @param identifiers the data identifier of each
     */
    ReadDialogue(Access access, List<String> paths, List<Integer> identifiers) {
        super(access);
        this.paths = List.copyOf(paths);
        this.identifiers = List.copyOf(identifiers);
        fetch = new Fetch(this, identifiers.get(0), new byte[0]);
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
            values.putAll(Look.at(fetch.bytes(), access.context()).values(paths.get(next)));
        } catch (FrameRejectedException rejected) {
            // Intake parks it and says so; who asked is told as well.
            refusals.add(paths.get(next) + ": " + rejected.getMessage());
        }
        frames.add(fetch.lineFrame());
        return further();
    }

    @Override
    Step refused(LinkFrame frame) {
        lastRefusal = super.refused(frame);
        refusals.add(paths.get(next) + ": " + refusal(frame).text());
        return further();
    }

    private Step further() {
        next++;
        if (next < identifiers.size()) {
            fetch = new Fetch(this, identifiers.get(next), new byte[0]);
            return fetch.start();
        }
        if (frames.isEmpty() && lastRefusal != null) {
            return lastRefusal;
        }
        return done("2.05", String.join("; ", refusals), values, frames);
    }
}
