// SPDX-License-Identifier: EPL-2.0
package org.meterway.bench;

import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import com.fasterxml.jackson.dataformat.cbor.CBORGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Makes a meter's SenML-CBOR packs: a cumulated register on the half-hour grid that grows by a household's load, each pack
 * continuing where the last ended, so that no reading is sent twice.
 */
final class Pack {
    /** Seconds from one interval to the next. */
    static final int INTERVAL_SECONDS = 1800;

    private static final long FIRST = 1_072_915_200L; // 2004-01-01T00:00:00Z
    private static final CBORFactory CBOR = new CBORFactory();
    private static final int VALUE_KEY = 2;
    private static final int TIME_KEY = 6;

    private final String name;
    private final long salt;
    private final AtomicLong next = new AtomicLong();

    /**
     * @param name SenML name of the register: an OBIS code or an LwM2M path
     * @param salt makes this meter's load differ from others'
     */
    Pack(String name, long salt) {
        this.name = name;
        this.salt = salt;
    }

    /** Index of the first interval not handed out yet. */
    long position() {
        return next.get();
    }

    /** Takes the next intervals and returns the index of the first. */
    long take(int intervals) {
        return next.getAndAdd(intervals);
    }

    /** Encodes intervals from an index on. */
    byte[] encode(long from, int intervals) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(40 + intervals * 16);
        try (CBORGenerator cbor = CBOR.createGenerator(bytes)) {
            cbor.writeStartArray(null, intervals);
            for (int i = 0; i < intervals; i++) {
                boolean first = i == 0;
                cbor.writeStartObject(first ? 4 : 2);
                if (first) {
                    cbor.writeFieldId(-2);
                    cbor.writeString(name);
                    cbor.writeFieldId(-3);
                    cbor.writeNumber(startSeconds(from));
                }
                cbor.writeFieldId(TIME_KEY);
                cbor.writeNumber(i * INTERVAL_SECONDS);
                cbor.writeFieldId(VALUE_KEY);
                cbor.writeNumber(wattHours(from + i));
                cbor.writeEndObject();
            }
            cbor.writeEndArray();
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
        return bytes.toByteArray();
    }

    /** Seconds since 1970 of an interval's start. */
    static long startSeconds(long index) {
        return FIRST + index * INTERVAL_SECONDS;
    }

    /** The register at an interval, in Wh: it grows by 20–1,500 Wh per half hour, more in the evening. */
    long wattHours(long index) {
        long day = index / 48;
        long slot = index % 48;
        // A closed form instead of a running sum, so that any interval can be checked by itself.
        long perDay = 9_000 + (mix(salt) & 4095);
        long within = perDay * slot / 48 + (slot > 34 ? (slot - 34) * 60 : 0);
        return 1_000_000 + day * (perDay + 1500) + within + (mix(salt * 31 + index) & 15);
    }

    private static long mix(long value) {
        long mixed = (value + 0x9E3779B97F4A7C15L) * 0xBF58476D1CE4E5B9L;
        return (mixed ^ (mixed >>> 29)) >>> 8;
    }
}
