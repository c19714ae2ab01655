// SPDX-License-Identifier: EPL-2.0
package org.meterway.senml;

import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.meterway.api.codec.FrameRejectedException;

/**
 * Pulls CBOR items (RFC 8949) out of a frame, definite and indefinite, for exactly what SenML needs: numbers of every kind into
 * a {@link Decimal}, texts, skipping. Its own because a general parser loses decimal fractions and the width of floats, which
 * say how a number was meant.
 */
final class CborReader {
    static final int UNSIGNED = 0;
    static final int NEGATIVE = 1;
    static final int BYTES = 2;
    static final int TEXT = 3;
    static final int ARRAY = 4;
    static final int MAP = 5;
    static final int TAG = 6;
    static final int SIMPLE = 7;

    /** The length of an array, map or string that ends with a break. */
    static final long INDEFINITE = -1;

    private static final int DEEPEST = 16;
    private static final int LONGEST_BIGNUM = 32;
    private static final int WIDEST_BINARY_EXPONENT = 256;

    private final byte[] bytes;
    private int at;

    CborReader(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Byte offset of the next item. */
    int position() {
        return at;
    }

    boolean atEnd() {
        return at == bytes.length;
    }

    /** Major type of the next item (RFC 8949, 3.1). */
    int type() throws FrameRejectedException {
        return peek() >> 5;
    }

    private int peek() throws FrameRejectedException {
        if (at >= bytes.length) {
            throw new FrameRejectedException("cbor", at, "ends in the middle");
        }
        return bytes[at] & 255;
    }

    /** Whether a break comes next; takes it if so. */
    boolean takeBreak() throws FrameRejectedException {
        if (peek() == 255) {
            at++;
            return true;
        }
        return false;
    }

    /** Takes the head of an item that must have this major type; its argument or {@link #INDEFINITE}. */
    long head(int major, String what) throws FrameRejectedException {
        int start = at;
        if (type() != major) {
            throw new FrameRejectedException("cbor", start, what + " expected, found " + describe(peek()));
        }
        if (major >= BYTES && major <= MAP && (peek() & 31) == 31) {
            at++;
            return INDEFINITE;
        }
        long argument = argument();
        if (argument < 0 || argument > bytes.length && major >= BYTES && major <= MAP) {
            throw new FrameRejectedException("cbor", start, what + " is longer than the frame");
        }
        return argument;
    }

    /** The argument of any head, as unsigned 64 bits. */
    private long argument() throws FrameRejectedException {
        int info = peek() & 31;
        int start = at++;
        if (info < 24) {
            return info;
        }
        if (info > 27) {
            throw new FrameRejectedException("cbor", start, "head with additional information " + info);
        }
        return fixed(1 << info - 24);
    }

    private long fixed(int length) throws FrameRejectedException {
        need(length);
        long number = 0;
        for (int i = 0; i < length; i++) {
            number = number << 8 | bytes[at++] & 255;
        }
        return number;
    }

    private void need(long length) throws FrameRejectedException {
        if (length > bytes.length - at) {
            throw new FrameRejectedException("cbor", at, "ends in the middle");
        }
    }

    /** Takes a number of any kind. */
    void number(Decimal into) throws FrameRejectedException {
        int start = at;
        try {
            number(into, 0);
        } catch (ArithmeticException outside) {
            throw new FrameRejectedException("number", start, outside.getMessage());
        }
    }

    private void number(Decimal into, int tags) throws FrameRejectedException {
        int start = at;
        switch (type()) {
            case UNSIGNED -> {
                long argument = argument();
                if (argument >= 0) {
                    into.set(argument);
                } else {
                    into.set(unsigned(argument), 0);
                }
            }
            case NEGATIVE -> {
                long argument = argument();
                if (argument >= 0) {
                    into.set(-1 - argument);
                } else {
                    into.set(unsigned(argument).not(), 0);
                }
            }
            case TAG -> tagged(into, tags, start);
            case SIMPLE -> floating(into, start);
            default -> throw new FrameRejectedException("number", start, "found " + describe(peek()));
        }
    }

    private static BigInteger unsigned(long bits) {
        return new BigInteger(Long.toUnsignedString(bits));
    }

    private void floating(Decimal into, int start) throws FrameRejectedException {
        int head = peek();
        switch (head & 31) {
            case 25 -> {
                at++;
                into.set(half((int) fixed(2)));
            }
            case 26 -> {
                at++;
                into.set(Float.intBitsToFloat((int) fixed(4)));
            }
            case 27 -> {
                at++;
                into.set(Double.longBitsToDouble(fixed(8)));
            }
            default -> throw new FrameRejectedException("number", start, "found " + describe(head));
        }
    }

    /** Half precision (IEEE 754 binary16), every value of which a float holds. */
    private static float half(int bits) {
        int exponent = bits >> 10 & 31;
        int fraction = bits & 1023;
        float magnitude;
        if (exponent == 0) {
            magnitude = Math.scalb((float) fraction, -24);
        } else if (exponent == 31) {
            magnitude = fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
        } else {
            magnitude = Math.scalb((float) (fraction | 1024), exponent - 25);
        }
        return (bits & 0x8000) == 0 ? magnitude : -magnitude;
    }

    private void tagged(Decimal into, int tags, int start) throws FrameRejectedException {
        long tag = argument();
        if (tags == 4) {
            throw new FrameRejectedException("number", start, "has more than four tags");
        }
        if (tag == 2 || tag == 3) {
            BigInteger number = bignum(start);
            into.set(tag == 2 ? number : number.not(), 0);
        } else if (tag == 4 || tag == 5) {
            if (head(ARRAY, "an exponent and a mantissa") != 2) {
                throw new FrameRejectedException("number", start, "a fraction has an exponent and a mantissa");
            }
            long exponent = integer(start);
            if (type() == TAG) {
                fraction(into, tag, exponent, bigMantissa(start));
            } else {
                long mantissa = integer(start);
                if (tag == 4) {
                    into.set(mantissa, exponent);
                } else {
                    fraction(into, tag, exponent, BigInteger.valueOf(mantissa));
                }
            }
        } else {
            // Epoch time (tag 1) and anything else that only says what the number means.
            number(into, tags + 1);
        }
    }

    private void fraction(Decimal into, long tag, long exponent, BigInteger mantissa) {
        if (tag == 4) {
            into.set(mantissa, exponent);
        } else if (mantissa.signum() == 0) {
            into.set(0);
        } else if (exponent > WIDEST_BINARY_EXPONENT || exponent < -WIDEST_BINARY_EXPONENT) {
            throw new ArithmeticException("has a binary exponent of " + exponent);
        } else if (exponent >= 0) {
            into.set(mantissa.shiftLeft((int) exponent), 0);
        } else {
            into.set(new BigDecimal(mantissa).divide(new BigDecimal(BigInteger.ONE.shiftLeft((int) -exponent))));
        }
    }

    private long integer(int start) throws FrameRejectedException {
        int major = type();
        if (major != UNSIGNED && major != NEGATIVE) {
            throw new FrameRejectedException("number", start, "an integer was expected, found " + describe(peek()));
        }
        long argument = argument();
        if (argument < 0) {
            throw new FrameRejectedException("number", start, "an integer has more than 64 bits");
        }
        return major == UNSIGNED ? argument : -1 - argument;
    }

    private BigInteger bigMantissa(int start) throws FrameRejectedException {
        long tag = argument();
        if (tag != 2 && tag != 3) {
            throw new FrameRejectedException("number", start, "a mantissa must be an integer");
        }
        BigInteger number = bignum(start);
        return tag == 2 ? number : number.not();
    }

    private BigInteger bignum(int start) throws FrameRejectedException {
        long length = head(BYTES, "a bignum's bytes");
        if (length == INDEFINITE || length > LONGEST_BIGNUM) {
            throw new FrameRejectedException("number", start, "a bignum may have " + LONGEST_BIGNUM + " bytes");
        }
        need(length);
        BigInteger number = new BigInteger(1, bytes, at, (int) length);
        at += (int) length;
        return number;
    }

    boolean bool() throws FrameRejectedException {
        int head = peek();
        if (head != 0xf4 && head != 0xf5) {
            throw new FrameRejectedException("cbor", at, "true or false expected, found " + describe(head));
        }
        at++;
        return head == 0xf5;
    }

    /** Takes a text; UTF-8 is checked. */
    String text(String what) throws FrameRejectedException {
        skipTags();
        int start = at;
        long length = head(TEXT, what);
        if (length != INDEFINITE) {
            return utf8((int) length);
        }
        StringBuilder joined = new StringBuilder();
        while (!takeBreak()) {
            long chunk = head(TEXT, what);
            if (chunk == INDEFINITE) {
                throw new FrameRejectedException("cbor", start, "an indefinite text inside an indefinite text");
            }
            joined.append(utf8((int) chunk));
        }
        return joined.toString();
    }

    private String utf8(int length) throws FrameRejectedException {
        need(length);
        int from = at;
        at += length;
        for (int i = from; i < at; i++) {
            if (bytes[i] < 0) {
                return decoded(from, length);
            }
        }
        return new String(bytes, from, length, StandardCharsets.ISO_8859_1);
    }

    private String decoded(int from, int length) throws FrameRejectedException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, from, length))
                    .toString();
        } catch (CharacterCodingException notUtf8) {
            throw new FrameRejectedException("cbor", from, "a text that is not UTF-8");
        }
    }

    /** Takes a byte string. */
    byte[] data(String what) throws FrameRejectedException {
        skipTags();
        int start = at;
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        long length = head(BYTES, what);
        boolean chunks = length == INDEFINITE;
        while (!chunks || !takeBreak()) {
            long chunk = chunks ? head(BYTES, what) : length;
            if (chunk == INDEFINITE) {
                throw new FrameRejectedException("cbor", start, "indefinite bytes inside indefinite bytes");
            }
            need(chunk);
            joined.write(bytes, at, (int) chunk);
            at += (int) chunk;
            if (!chunks) {
                break;
            }
        }
        return joined.toByteArray();
    }

    /** Takes a map's key: a label or null for a key that is none; a text key is handed to {@code unknown} as it is. */
    @Nullable
    Label label(Pack unknown) throws FrameRejectedException {
        int start = at;
        int major = type();
        if (major == UNSIGNED || major == NEGATIVE) {
            long argument = argument();
            Label label = argument < 0 ? null : Label.of(major == UNSIGNED ? argument : -1 - argument);
            if (label == null) {
                unknown.unknownField((major == UNSIGNED ? "" : "-1-") + Long.toUnsignedString(argument), start);
            }
            return label;
        }
        String text = text("a label");
        Label label = Label.of(text);
        if (label == null) {
            unknown.unknownField(text, start);
        }
        return label;
    }

    private void skipTags() throws FrameRejectedException {
        while (type() == TAG) {
            argument();
        }
    }

    /** Takes one item of any kind and forgets it. */
    void skip() throws FrameRejectedException {
        skip(0);
    }

    private void skip(int depth) throws FrameRejectedException {
        int start = at;
        if (depth > DEEPEST) {
            throw new FrameRejectedException("cbor", start, "nested deeper than " + DEEPEST);
        }
        skipTags();
        int major = type();
        switch (major) {
            case UNSIGNED, NEGATIVE -> argument();
            case BYTES -> data("bytes");
            case TEXT -> text("a text");
            case ARRAY, MAP -> {
                long length = head(major, "a collection");
                int perEntry = major == MAP ? 2 : 1;
                for (long i = 0; length == INDEFINITE ? !takeBreak() : i < length; i++) {
                    for (int item = 0; item < perEntry; item++) {
                        skip(depth + 1);
                    }
                }
            }
            default -> {
                if (peek() == 255) {
                    throw new FrameRejectedException("cbor", start, "a break outside an indefinite item");
                }
                argument();
            }
        }
    }

    private static String describe(int head) {
        return switch (head >> 5) {
            case UNSIGNED, NEGATIVE -> "an integer";
            case BYTES -> "bytes";
            case TEXT -> "a text";
            case ARRAY -> "an array";
            case MAP -> "a map";
            case TAG -> "a tag";
            default ->
                head == 0xf4 || head == 0xf5
                        ? "true or false"
                        : head >= 0xf9 && head <= 0xfb ? "a floating-point number" : "null or nothing";
        };
    }
}
