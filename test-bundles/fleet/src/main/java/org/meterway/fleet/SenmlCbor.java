// SPDX-License-Identifier: EPL-2.0
package org.meterway.fleet;

import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Writes SenML packs in CBOR (RFC 8428, 6): times as integers, values as decimal fractions (RFC 8949, 3.4.4) unless a
 * binary float holds them too, so that every value is exact. Leshan's own encoder takes doubles only, and writes whole seconds in a form
 * its own decoder refuses.
 */
final class SenmlCbor {
    /** The content format application/senml+cbor. */
    static final int CONTENT_FORMAT = 112;

    private static final int BASE_NAME = -2;
    private static final int BASE_TIME = -3;
    private static final int VALUE = 2;
    private static final int TIME = 6;

    private static final int UNSIGNED = 0;
    private static final int NEGATIVE = 1;
    private static final int TEXT = 3;
    private static final int ARRAY = 4;
    private static final int MAP = 5;
    private static final int TAG = 6;
    private static final int DECIMAL_FRACTION = 4;
    private static final int FLOAT64 = 0xfb;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream(1024);

    private SenmlCbor() {}

    /**
     * A pack of time series, each a name with its values at increasing times.
     *
     * @param readings in any order; consecutive ones of the same path share the path
     */
    static byte[] encode(List<SimulatedReading> readings) {
        SenmlCbor cbor = new SenmlCbor();
        cbor.head(ARRAY, readings.size());
        long baseTime = 0;
        String path = "";
        for (SimulatedReading reading : readings) {
            boolean first = path.isEmpty();
            boolean named = !reading.path().equals(path);
            if (first) {
                baseTime = reading.time().getEpochSecond();
            }
            long offset = reading.time().getEpochSecond() - baseTime;
            cbor.head(MAP, 1 + (first ? 1 : 0) + (named ? 1 : 0) + (offset != 0 ? 1 : 0));
            if (named) {
                path = reading.path();
                cbor.integer(BASE_NAME);
                cbor.text(path);
            }
            if (first) {
                cbor.integer(BASE_TIME);
                cbor.integer(baseTime);
            }
            if (offset != 0) {
                cbor.integer(TIME);
                cbor.integer(offset);
            }
            cbor.integer(VALUE);
            cbor.decimal(reading.value());
        }
        return cbor.out.toByteArray();
    }

    /**
     * A value that a binary float holds exactly as that float, anything else as a decimal fraction: Leshan's decoder takes neither
     * an integer nor a decimal fraction that a float could hold for a resource of type Float.
     */
    private void decimal(BigDecimal value) {
        double nearest = value.doubleValue();
        if (new BigDecimal(nearest).compareTo(value) == 0) {
            out.write(FLOAT64);
            bytes(Double.doubleToLongBits(nearest), 8);
            return;
        }
        BigDecimal shortest = value.stripTrailingZeros();
        head(TAG, DECIMAL_FRACTION);
        head(ARRAY, 2);
        integer(-shortest.scale());
        integer(shortest.unscaledValue().longValueExact());
    }

    private void integer(long value) {
        if (value < 0) {
            head(NEGATIVE, -1 - value);
        } else {
            head(UNSIGNED, value);
        }
    }

    private void text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        head(TEXT, bytes.length);
        out.writeBytes(bytes);
    }

    private void head(int majorType, long argument) {
        int type = majorType << 5;
        if (argument < 24) {
            out.write(type | (int) argument);
        } else if (argument < 1 << 8) {
            out.write(type | 24);
            bytes(argument, 1);
        } else if (argument < 1 << 16) {
            out.write(type | 25);
            bytes(argument, 2);
        } else if (argument < 1L << 32) {
            out.write(type | 26);
            bytes(argument, 4);
        } else {
            out.write(type | 27);
            bytes(argument, 8);
        }
    }

    private void bytes(long value, int count) {
        for (int shift = 8 * (count - 1); shift >= 0; shift -= 8) {
            out.write((int) (value >> shift));
        }
    }
}
