// SPDX-License-Identifier: EPL-2.0
package org.meterway.dtmf;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.meterway.api.codec.Codec;
import org.meterway.api.codec.ContentTypes;
import org.meterway.api.codec.DecodeContext;
import org.meterway.api.codec.Decoded;
import org.meterway.api.codec.Frame;
import org.meterway.api.codec.FrameRejectedException;
import org.meterway.api.model.Register;
import org.meterway.api.reading.Quality;
import org.meterway.api.reading.Quantity;
import org.meterway.api.reading.Reading;
import org.osgi.service.component.annotations.Component;

/**
 * Frames of DTMF digits, as text or as a RIFF WAVE recording of their tones; the frame is described in this bundle's README.
 * Thread-safe, without state.
 */
@Component
public final class DtmfCodec implements Codec {
    /** Most digits read as text: some forty frames. */
    static final int MOST_DIGITS = 4096;

    /** Longest recording: four minutes at 8 kHz and 16 bits. */
    static final int LONGEST_WAVE = 1 << 22;

    private static final long DAY_MS = 86_400_000;

    @Override
    public String name() {
        return "dtmf";
    }

    @Override
    public String version() {
        return "1.0";
    }

    @Override
    public Set<String> contentTypes() {
        return Set.of(ContentTypes.DTMF);
    }

    @Override
    public Decoded decode(Frame frame, DecodeContext context) throws FrameRejectedException {
        byte[] bytes = frame.bytes();
        FrameReader reader;
        if (Wave.isWave(bytes)) {
            Recording recording = Recording.listen(bytes);
            if (context.traced()) {
                recording.fields().forEach(context::field);
            }
            reader = new FrameReader(recording.digits(), "digits", recording::offset, frame.receivedAt(), context);
            if (recording.digits().isEmpty()) {
                throw new FrameRejectedException("digits", recording.offset(0), "no digit is heard in the recording");
            }
        } else {
            reader = new FrameReader(text(bytes), "", index -> index, frame.receivedAt(), context);
        }
        List<FrameReader.Item> items = reader.read();
        List<Reading> readings = new ArrayList<>(items.size());
        Set<Key> seen = new HashSet<>();
        for (FrameReader.Item item : items) {
            Reading reading = reading(item, context, reader);
            if (!seen.add(new Key(reading.quantity(), reading.start()))) {
                throw reader.rejected("value", item.index(), reading.quantity() + " is there twice for one time");
            }
            readings.add(reading);
        }
        return new Decoded(readings, reader.unnamed());
    }

    private record Key(Quantity quantity, Instant start) {}

    private static String text(byte[] bytes) throws FrameRejectedException {
        int end = bytes.length;
        while (end > 0 && (bytes[end - 1] == '\n' || bytes[end - 1] == '\r')) {
            end--;
        }
        if (end > MOST_DIGITS) {
            throw new FrameRejectedException("digits", -1, "are " + end + ", at most " + MOST_DIGITS + " are read");
        }
        StringBuilder digits = new StringBuilder(end);
        for (int i = 0; i < end; i++) {
            if (Tones.KEYS.indexOf(bytes[i]) < 0) {
                throw new FrameRejectedException(
                        "digit", i, "expected one of 0-9 A-D * #, was byte " + Integer.toHexString(bytes[i] & 0xff));
            }
            digits.append((char) bytes[i]);
        }
        return digits.toString();
    }

    private static Reading reading(FrameReader.Item item, DecodeContext context, FrameReader reader)
            throws FrameRejectedException {
        Quantity quantity = item.entry().quantity();
        Optional<Register> register = context.resolve(quantity.obis().toString())
                .filter(named ->
                        named.quantity().unit() == item.entry().quantity().unit());
        Duration interval = Duration.ZERO;
        if (register.isPresent()) {
            quantity = register.get().quantity();
            long intervalMs = register.get().interval().toMillis();
            if (intervalMs > 0 && Math.floorMod(item.time().toEpochMilli(), DAY_MS) % intervalMs == 0) {
                interval = register.get().interval();
            }
        }
        BigDecimal value = item.value();
        int quality = quantity.holdsExactly(value) ? Quality.MEASURED : Quality.MEASURED | Quality.ROUNDED;
        try {
            Instant start = Instant.ofEpochMilli(item.time().toEpochMilli());
            return new Reading(quantity, start, interval, quantity.toCount(value), quality);
        } catch (ArithmeticException outside) {
            throw reader.rejected(
                    "value", item.index(), value.toPlainString() + " is outside what " + quantity + " holds");
        }
    }
}
