// SPDX-License-Identifier: EPL-2.0
package org.meterway.lwm2m;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.Set;
import org.meterway.api.codec.Codec;
import org.meterway.api.codec.DecodeContext;
import org.meterway.api.codec.Decoded;
import org.meterway.api.codec.Frame;
import org.meterway.api.codec.FrameRejectedException;
import org.meterway.api.model.Register;
import org.osgi.service.component.annotations.Component;

/**
 * Values in LwM2M-CBOR (LwM2M Core 1.2, 7.4.7), maps nested by ids or by arrays of ids, and single values of a resource in plain
 * CBOR (7.4.6). Read here byte by byte because libraries lose how wide a float was, and that decides its decimal text. Their time
 * is when they were received.
 */
@Component
public final class CborCodec implements Codec {
    @Override
    public String name() {
        return "lwm2m-cbor";
    }

    @Override
    public String version() {
        return "1";
    }

    @Override
    public Set<String> contentTypes() {
        return Set.of(ContentTypes.LWM2M_CBOR, ContentTypes.CBOR);
    }

    @Override
    public Decoded decode(Frame frame, DecodeContext names) throws FrameRejectedException {
        Walk walk = new Walk(frame, new ReadingList(names));
        if (frame.contentType().equals(ContentTypes.CBOR)) {
            if (frame.target().isEmpty()) {
                throw new FrameRejectedException("target", -1, "CBOR does not say of which resource it is");
            }
            walk.value(frame.target());
        } else {
            walk.map("", 0);
        }
        if (walk.at != frame.bytes().length) {
            throw new FrameRejectedException("cbor", walk.at, "is followed by something else");
        }
        return walk.readings.decoded();
    }

    private static final class Walk {
        private static final int UNSIGNED = 0;
        private static final int NEGATIVE = 1;
        private static final int BYTES = 2;
        private static final int TEXT = 3;
        private static final int ARRAY = 4;
        private static final int MAP = 5;
        private static final int TAG = 6;
        private static final int INDEFINITE = 31;
        private static final int DEEPEST = 4;
        private static final int DECIMAL_FRACTION = 4;

        private final Frame frame;
        private final byte[] bytes;
        private final ReadingList readings;
        private int at;

        Walk(Frame frame, ReadingList readings) {
            this.frame = frame;
            this.bytes = frame.bytes();
            this.readings = readings;
        }

        void map(String prefix, int depth) throws FrameRejectedException {
            int start = at;
            int head = head(MAP, "a map");
            long entries = head == INDEFINITE ? Long.MAX_VALUE : argument(head, start);
            for (long i = 0; i < entries; i++) {
                if (head == INDEFINITE && peek() == 0xFF) {
                    at++;
                    return;
                }
                int keyAt = at;
                StringBuilder path = new StringBuilder(prefix);
                int levels = depth + key(path);
                if (levels > DEEPEST) {
                    throw new FrameRejectedException("key", keyAt, "is deeper than a resource instance");
                }
                if (peek() >> 5 == MAP) {
                    map(path.toString(), levels);
                } else if (levels < 3) {
                    throw new FrameRejectedException(path.toString(), at, "is no resource but has a value");
                } else {
                    value(path.toString());
                }
            }
        }

        private int key(StringBuilder path) throws FrameRejectedException {
            int start = at;
            if (peek() >> 5 != ARRAY) {
                path.append('/').append(id());
                return 1;
            }
            int head = head(ARRAY, "an array");
            long ids = argument(head, start);
            if (ids < 1 || ids > DEEPEST) {
                throw new FrameRejectedException("key", start, "must have 1 to 4 ids");
            }
            for (int i = 0; i < ids; i++) {
                path.append('/').append(id());
            }
            return (int) ids;
        }

        private long id() throws FrameRejectedException {
            int start = at;
            long id = argument(head(UNSIGNED, "an id"), start);
            if (id < 0 || id > 65_535) {
                throw new FrameRejectedException("key", start, "must be an id from 0 to 65535");
            }
            return id;
        }

        void value(String path) throws FrameRejectedException {
            Optional<Register> register = readings.register(path);
            int start = at;
            int initial = peek();
            int major = initial >> 5;
            int head = initial & 31;
            switch (major) {
                case UNSIGNED, NEGATIVE -> number(register, path, integer(), start);
                case BYTES, TEXT -> {
                    skipString(major);
                    notNumber(register, path, start, major == TEXT ? "a text" : "opaque data");
                }
                case TAG -> number(register, path, decimal(path), start);
                case 7 -> simple(register, path, head, start);
                default -> throw new FrameRejectedException(path, start, "must be a single value");
            }
        }

        private void simple(Optional<Register> register, String path, int head, int start)
                throws FrameRejectedException {
            switch (head) {
                case 20, 21 -> {
                    at++;
                    notNumber(register, path, start, "true or false");
                }
                case 25 -> number(register, path, register.isEmpty() ? skip(3) : half(path, start), start);
                case 26 -> {
                    float value = need(5).getFloat(start + 1);
                    at += 5;
                    number(
                            register,
                            path,
                            register.isEmpty() ? BigDecimal.ZERO : ReadingList.exact(value, path, start),
                            start);
                }
                case 27 -> {
                    double value = need(9).getDouble(start + 1);
                    at += 9;
                    number(
                            register,
                            path,
                            register.isEmpty() ? BigDecimal.ZERO : ReadingList.exact(value, path, start),
                            start);
                }
                default -> throw new FrameRejectedException(path, start, "has no value");
            }
        }

        private BigDecimal skip(int length) throws FrameRejectedException {
            need(length);
            at += length;
            return BigDecimal.ZERO;
        }

        /** IEEE 754 half precision (RFC 8949, Appendix D); exact as a decimal. */
        private BigDecimal half(String path, int start) throws FrameRejectedException {
            int bits = need(3).getShort(start + 1) & 0xFFFF;
            at += 3;
            int exponent = bits >> 10 & 31;
            int fraction = bits & 1023;
            if (exponent == 31) {
                throw new FrameRejectedException(path, start, "is infinite or not a number");
            }
            float magnitude = exponent == 0
                    ? Math.scalb((float) fraction, -24)
                    : Math.scalb((float) (fraction + 1024), exponent - 25);
            return ReadingList.exact((bits & 0x8000) == 0 ? magnitude : -magnitude, path, start);
        }

        private BigDecimal integer() throws FrameRejectedException {
            int start = at;
            int major = peek() >> 5;
            long argument = argument(head(major, "an integer"), start);
            BigInteger value = new BigInteger(Long.toUnsignedString(argument));
            return new BigDecimal(major == UNSIGNED ? value : value.not());
        }

        /** A decimal fraction (RFC 8949, 3.4.4): the only tag with a number that meters send. */
        private BigDecimal decimal(String path) throws FrameRejectedException {
            int start = at;
            long tag = argument(head(TAG, "a tag"), start);
            if (tag != DECIMAL_FRACTION) {
                if (tag == 1) {
                    return integer();
                }
                throw new FrameRejectedException(path, start, "has tag " + tag + ", which is no number");
            }
            if (argument(head(ARRAY, "an array"), start) != 2) {
                throw new FrameRejectedException(path, start, "a decimal fraction has exponent and mantissa");
            }
            BigDecimal exponent = integer();
            BigDecimal mantissa = integer();
            if (exponent.abs().compareTo(BigDecimal.valueOf(1000)) > 0) {
                throw new FrameRejectedException(path, start, "has an exponent beyond all measure");
            }
            return mantissa.scaleByPowerOfTen(exponent.intValueExact());
        }

        private void skipString(int major) throws FrameRejectedException {
            int start = at;
            int head = head(major, "a string");
            if (head == INDEFINITE) {
                throw new FrameRejectedException("cbor", start, "strings of indefinite length are not taken");
            }
            long length = argument(head, start);
            if (length < 0 || length > bytes.length - at) {
                throw new FrameRejectedException("cbor", start, "is cut off");
            }
            at += (int) length;
        }

        private void number(Optional<Register> register, String path, BigDecimal value, int start)
                throws FrameRejectedException {
            if (register.isPresent()) {
                readings.add(register.get(), path, frame.receivedAt(), value, start);
            }
        }

        private static void notNumber(Optional<Register> register, String path, int start, String found)
                throws FrameRejectedException {
            if (register.isPresent()) {
                throw ReadingList.needsNumber(register.get(), path, start, found);
            }
        }

        private int peek() throws FrameRejectedException {
            if (at >= bytes.length) {
                throw new FrameRejectedException("cbor", at, "ends in the middle");
            }
            return bytes[at] & 0xFF;
        }

        private int head(int major, String expected) throws FrameRejectedException {
            int initial = peek();
            if (initial >> 5 != major) {
                throw new FrameRejectedException("cbor", at, "must be " + expected);
            }
            at++;
            return initial & 31;
        }

        private long argument(int head, int start) throws FrameRejectedException {
            if (head < 24) {
                return head;
            }
            if (head > 27) {
                throw new FrameRejectedException("cbor", start, "has a length that is not taken here");
            }
            int length = 1 << head - 24;
            need(length);
            long value = 0;
            for (int i = 0; i < length; i++) {
                value = value << 8 | bytes[at++] & 0xFF;
            }
            return value;
        }

        private ByteBuffer need(int length) throws FrameRejectedException {
            if (length > bytes.length - at) {
                throw new FrameRejectedException("cbor", at, "ends in the middle");
            }
            return ByteBuffer.wrap(bytes);
        }
    }
}
