// SPDX-License-Identifier: EPL-2.0
package org.meterway.mbus;

import java.io.ByteArrayOutputStream;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.meterway.api.channel.Answer;
import org.meterway.api.codec.ContentTypes;
import org.meterway.api.codec.DecodeContext;
import org.meterway.api.codec.FrameRejectedException;
import org.meterway.api.line.DialogueContext;
import org.meterway.api.model.Register;
import org.meterway.api.reading.Reading;

/** Reads all telegrams of a meter's answer; M-Bus has no reading of one value. */
final class ReadDialogue extends MbusDialogue {
    private static final int MOST_TELEGRAMS = 32;
    private static final int ACKNOWLEDGEMENT = 0xe5;

    private final List<String> paths;
    private final DialogueContext context;
    private final ByteArrayOutputStream telegrams = new ByteArrayOutputStream();
    private byte[] last = new byte[0];
    private int count;

    /** @param paths what is asked for; empty for all there is */
    ReadDialogue(MeterAddress address, List<String> paths, DialogueContext context) {
        super(address);
        this.paths = List.copyOf(paths);
        this.context = context;
    }

    @Override
    Step ask(boolean acknowledged) {
        return request();
    }

    @Override
    Step answered(byte[] received) {
        Optional<byte[]> answer = LinkFrames.answer(received, address());
        if (answer.isEmpty()) {
            boolean nothing = received.length == 1 && (received[0] & 0xff) == ACKNOWLEDGEMENT;
            return nothing ? done() : new Wait();
        }
        byte[] telegram = answer.get();
        // A meter that ignores the frame count bit repeats its telegram for ever.
        if (sameData(telegram, last)) {
            return done();
        }
        last = telegram;
        telegrams.writeBytes(telegram);
        count++;
        return count < MOST_TELEGRAMS && moreFollow(telegram) ? request() : done();
    }

    /** Whether two telegrams differ in their access number at most. */
    private static boolean sameData(byte[] one, byte[] other) {
        int header = 19;
        return one.length == other.length
                && one.length > header
                && Arrays.equals(one, header, one.length - 2, other, header, other.length - 2);
    }

    private boolean moreFollow(byte[] telegram) {
        try {
            Telegrams reader = new Telegrams(telegram, decoding(), new ReadingsBuilder(context.now(), decoding()));
            reader.read(0);
            return reader.moreFollow();
        } catch (FrameRejectedException rejected) {
            // Intake says why.
            return false;
        }
    }

    private DecodeContext decoding() {
        return new DecodeContext() {
            @Override
            public Optional<Register> resolve(String name) {
                return Optional.empty();
            }

            @Override
            public Optional<byte[]> key(String name) {
                return context.key(name);
            }

            @Override
            public ZoneId timeZone() {
                return context.timeZone();
            }
        };
    }

    private Step done() {
        if (count == 0) {
            return new Done(new Answer(false, "4.04", "the meter has no data", Map.of(), ""), List.of());
        }
        byte[] bytes = telegrams.toByteArray();
        List<LineFrame> frames = List.of(new LineFrame(ContentTypes.MBUS, "", bytes));
        Map<String, Object> found = new LinkedHashMap<>();
        try {
            ReadingsBuilder readings = new ReadingsBuilder(context.now(), decoding());
            Telegrams reader = new Telegrams(bytes, decoding(), readings);
            for (int at = 0; at < bytes.length; ) {
                at = reader.read(at);
            }
            for (Reading reading : readings.decoded().readings()) {
                found.putIfAbsent(reading.quantity().obis().toString(), reading.value());
            }
            readings.clock().ifPresent(clock -> found.put(MbusLineProtocol.CLOCK, clock));
        } catch (FrameRejectedException rejected) {
            return new Done(new Answer(false, "5.00", rejected.getMessage(), Map.of(), ""), frames);
        }
        TreeSet<String> missing = new TreeSet<>(paths);
        missing.removeAll(found.keySet());
        if (!missing.isEmpty()) {
            String text = "the meter sends no " + String.join(", ", missing);
            return new Done(new Answer(false, "4.04", text, Map.of(), ""), frames);
        }
        if (!paths.isEmpty()) {
            found.keySet().retainAll(paths);
        }
        return new Done(new Answer(true, "2.05", "", found, ""), frames);
    }
}
