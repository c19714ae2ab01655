// SPDX-License-Identifier: EPL-2.0
package org.meterway.dlms;

import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.meterway.api.codec.FrameRejectedException;
import org.meterway.api.codec.Invocation;

/** What the APDUs of one frame share: readings, titles, what was asked, values of answers. */
final class Session {
    final Keys keys;
    final Trace trace;
    final ReadingsSink sink;
    final Axdr axdr = new Axdr();
    final ZoneId zone;
    final Instant receivedAt;
    /** Attributes from answers, whose scalers may come in other answers. */
    final Report answers;

    private final Map<Integer, List<Descriptor>> asked = new HashMap<>();
    private final Deque<Descriptor> expected;
    private @Nullable Invocation invocation;
    private byte @Nullable [] serverTitle;
    private byte @Nullable [] clientTitle;

    Session(Keys keys, Trace trace, ReadingsSink sink, ZoneId zone, Instant receivedAt, Target target) {
        this.keys = keys;
        this.trace = trace;
        this.sink = sink;
        this.zone = zone;
        this.receivedAt = receivedAt;
        this.answers = newReport();
        this.expected = new ArrayDeque<>(target.descriptors());
        this.serverTitle = target.title();
        target.tell(answers);
    }

    Report newReport() {
        return new Report(sink, zone, receivedAt);
    }

    /** A request in the frame asks for these. */
    void asked(int invokeId, List<Descriptor> descriptors) {
        asked.put(invokeId & 15, descriptors);
    }

    /** What a request of this id in the frame asks for; empty if there is none. */
    List<Descriptor> askedBy(int invokeId) {
        return asked.getOrDefault(invokeId & 15, List.of());
    }

    /** What the next answer of this id is about; empty if nothing says so. */
    List<Descriptor> answered(int invokeId, int count) {
        List<Descriptor> request = asked.remove(invokeId & 15);
        if (request != null) {
            return request.size() == count ? request : List.of();
        }
        if (expected.size() < count) {
            return List.of();
        }
        List<Descriptor> next = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            next.add(expected.remove());
        }
        return next;
    }

    void serverTitle(byte[] title) {
        serverTitle = title.length == Gcm.TITLE ? title : serverTitle;
    }

    void clientTitle(byte[] title) {
        clientTitle = title.length == Gcm.TITLE ? title : clientTitle;
    }

    /** The title of who sent an APDU that does not carry it. */
    Optional<byte[]> title(boolean fromServer) {
        if (fromServer) {
            return Optional.ofNullable(serverTitle).or(keys::systemTitle);
        }
        return Optional.ofNullable(clientTitle).or(keys::clientTitle).or(keys::systemTitle);
    }

    /** Notes the counter of a message from a meter: within a frame it must rise, for the frame the highest counts. */
    void counted(Optional<Invocation> of) throws FrameRejectedException {
        Invocation next = of.orElse(null);
        if (next == null) {
            return;
        }
        Invocation before = invocation;
        if (before != null && before.originator().equals(next.originator()) && next.counter() <= before.counter()) {
            throw new FrameRejectedException(
                    "invocation counter",
                    next.offset(),
                    next.counter() + " is not above " + before.counter() + " of the message before it");
        }
        invocation = next;
    }

    Optional<Invocation> invocation() {
        return Optional.ofNullable(invocation);
    }
}
