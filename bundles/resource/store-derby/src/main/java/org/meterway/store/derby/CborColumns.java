// SPDX-License-Identifier: EPL-2.0
package org.meterway.store.derby;

/**
 * Takes CBOR (RFC 8949) apart so that messages of the same make compress well together: what kind of items there are goes to one
 * stream, texts to another, and the numbers under each map key to a stream of their own, as differences from the number before.
 * A register that grows by a few thousand counts an interval costs two bytes instead of fourteen. The way there and back is the
 * same walk over the items, so that every byte comes back, also of CBOR that nobody would write. Not thread-safe.
 */
final class CborColumns {
    /** Map keys −32 to 31 have a column each; all other numbers share the next ones. */
    private static final int KEYS = 64;

    private static final int OTHER = KEYS;
    private static final int LENGTHS = KEYS + 1;
    private static final int EXPONENTS = KEYS + 2;
    private static final int COLUMNS = KEYS + 3;
    /** Streams: the kinds of items, texts, then the columns of numbers. */
    static final int STREAMS = 2 + COLUMNS;

    private static final int KINDS = 0;
    private static final int TEXTS = 1;
    private static final int NUMBERS = 2;

    private static final int DECIMAL_FRACTION = 4;
    private static final int PAIR = 0x82;
    private static final int BREAK = 0xFF;
    private static final int INDEFINITE = 31;
    private static final int DEEPEST = 16;
    private static final long[] POWERS = {
        1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000
    };

    private final long[] lastMantissa = new long[COLUMNS];
    private final long[] lastExponent = new long[COLUMNS];

    /** Bytes that are no CBOR, or deeper than this cares for. */
    static final class NotCborException extends Exception {
        private static final long serialVersionUID = 1L;

        NotCborException() {
            super("no CBOR", null, false, false);
        }
    }

    /** Where items come from and go to: bytes to streams, or streams to bytes. */
    private interface Port {
        int initial() throws NotCborException;

        /** A number of some bytes that may be near a predicted one. */
        long argument(int width, int column, long predicted) throws NotCborException;

        void content(long length) throws NotCborException;

        boolean isAtEnd();
    }

    /**
     * Takes a message apart.
     *
     * @return whether it was CBOR; if not, the streams are as before
     */
    boolean split(byte[] message, ByteSink[] streams) {
        int[] sizes = new int[STREAMS];
        for (int i = 0; i < STREAMS; i++) {
            sizes[i] = streams[i].size();
        }
        long[] mantissas = lastMantissa.clone();
        long[] exponents = lastExponent.clone();
        try {
            walk(new Splitter(message, streams));
            return true;
        } catch (NotCborException e) {
            for (int i = 0; i < STREAMS; i++) {
                streams[i].truncate(sizes[i]);
            }
            System.arraycopy(mantissas, 0, lastMantissa, 0, COLUMNS);
            System.arraycopy(exponents, 0, lastExponent, 0, COLUMNS);
            return false;
        }
    }

    /** Puts the next message together, of so many bytes. */
    byte[] join(int length, ByteSource[] streams) {
        Joiner joiner = new Joiner(length, streams);
        try {
            walk(joiner);
        } catch (NotCborException e) {
            throw ByteSource.damaged();
        }
        return joiner.message;
    }

    private void walk(Port port) throws NotCborException {
        while (!port.isAtEnd()) {
            item(port, port.initial(), OTHER, 0);
        }
    }

    /** Walks over one item; returns its value if it is an integer, else 0. */
    private long item(Port port, int initial, int column, int depth) throws NotCborException {
        int major = initial >> 5;
        int info = initial & 31;
        if (depth > DEEPEST || (info > 27 && info != INDEFINITE) || (info == INDEFINITE && (major < 2 || major > 5))) {
            throw new NotCborException();
        }
        return switch (major) {
            case 0, 1 -> integer(port, initial, column, 0);
            case 2, 3 -> {
                string(port, info, depth);
                yield 0;
            }
            case 4 -> {
                array(port, info, column, depth);
                yield 0;
            }
            case 5 -> {
                map(port, info, depth);
                yield 0;
            }
            case 6 -> {
                tag(port, info, column, depth);
                yield 0;
            }
            default -> {
                if (info >= 24) {
                    // a floating-point number: its bits, near the ones before when the values are
                    lastMantissa[column] = port.argument(1 << (info - 24), column, lastMantissa[column]);
                    lastExponent[column] = 0;
                }
                yield 0;
            }
        };
    }

    private long integer(Port port, int initial, int column, long exponent) throws NotCborException {
        boolean negative = initial >> 5 == 1;
        int info = initial & 31;
        long value;
        if (info < 24) {
            value = negative ? -1 - info : info;
        } else {
            long predicted = rescale(lastMantissa[column], lastExponent[column], exponent);
            long argument = port.argument(1 << (info - 24), column, negative ? -1 - predicted : predicted);
            value = negative ? -1 - argument : argument;
        }
        lastMantissa[column] = value;
        lastExponent[column] = exponent;
        return value;
    }

    private static long rescale(long mantissa, long from, long to) {
        long steps = from - to;
        if (steps == 0 || steps <= -POWERS.length || steps >= POWERS.length) {
            return mantissa;
        }
        return steps > 0 ? mantissa * POWERS[(int) steps] : mantissa / POWERS[(int) -steps];
    }

    private long length(Port port, int info) throws NotCborException {
        if (info < 24) {
            return info;
        }
        long length = port.argument(1 << (info - 24), LENGTHS, lastMantissa[LENGTHS]);
        lastMantissa[LENGTHS] = length;
        return length;
    }

    private void string(Port port, int info, int depth) throws NotCborException {
        if (info != INDEFINITE) {
            port.content(length(port, info));
            return;
        }
        for (int piece = port.initial(); piece != BREAK; piece = port.initial()) {
            item(port, piece, OTHER, depth + 1);
        }
    }

    private void array(Port port, int info, int column, int depth) throws NotCborException {
        if (info == INDEFINITE) {
            for (int next = port.initial(); next != BREAK; next = port.initial()) {
                item(port, next, column, depth + 1);
            }
            return;
        }
        long length = length(port, info);
        for (long i = 0; i != length; i++) {
            item(port, port.initial(), column, depth + 1);
        }
    }

    private void map(Port port, int info, int depth) throws NotCborException {
        long length = info == INDEFINITE ? Long.MAX_VALUE : length(port, info);
        for (long i = 0; i != length; i++) {
            int initial = port.initial();
            if (initial == BREAK && info == INDEFINITE) {
                return;
            }
            long key = item(port, initial, OTHER, depth + 1);
            int column = initial >> 6 == 0 && key >= -KEYS / 2 && key < KEYS / 2 ? (int) key + KEYS / 2 : OTHER;
            item(port, port.initial(), column, depth + 1);
        }
    }

    private void tag(Port port, int info, int column, int depth) throws NotCborException {
        long tag = length(port, info);
        int initial = port.initial();
        if (tag != DECIMAL_FRACTION || initial != PAIR) {
            item(port, initial, column, depth + 1);
            return;
        }
        long exponent = item(port, port.initial(), EXPONENTS, depth + 1);
        int mantissa = port.initial();
        if (mantissa >> 6 == 0) {
            if ((mantissa & 31) > 27) {
                throw new NotCborException();
            }
            integer(port, mantissa, column, exponent);
        } else {
            item(port, mantissa, column, depth + 1);
        }
    }

    /** From bytes to streams. */
    private static final class Splitter implements Port {
        private final byte[] message;
        private final ByteSink[] streams;
        private int position;

        Splitter(byte[] message, ByteSink[] streams) {
            this.message = message;
            this.streams = streams;
        }

        @Override
        public int initial() throws NotCborException {
            need(1);
            int initial = message[position++] & 255;
            streams[KINDS].octet(initial);
            return initial;
        }

        @Override
        public long argument(int width, int column, long predicted) throws NotCborException {
            need(width);
            long value = 0;
            for (int i = 0; i < width; i++) {
                value = value << 8 | message[position++] & 255;
            }
            streams[NUMBERS + column].zigzag(value - predicted);
            return value;
        }

        @Override
        public void content(long length) throws NotCborException {
            need(length);
            streams[TEXTS].raw(message, position, (int) length);
            position += (int) length;
        }

        private void need(long length) throws NotCborException {
            if (length < 0 || length > message.length - position) {
                throw new NotCborException();
            }
        }

        @Override
        public boolean isAtEnd() {
            return position == message.length;
        }
    }

    /** From streams to bytes. */
    private static final class Joiner implements Port {
        private final byte[] message;
        private final ByteSource[] streams;
        private int position;

        Joiner(int length, ByteSource[] streams) {
            this.message = new byte[length];
            this.streams = streams;
        }

        @Override
        public int initial() throws NotCborException {
            need(1);
            int initial = streams[KINDS].octet();
            message[position++] = (byte) initial;
            return initial;
        }

        @Override
        public long argument(int width, int column, long predicted) throws NotCborException {
            need(width);
            long value = predicted + streams[NUMBERS + column].zigzag();
            for (int i = width - 1; i >= 0; i--) {
                message[position++] = (byte) (value >> 8 * i);
            }
            return value;
        }

        @Override
        public void content(long length) throws NotCborException {
            need(length);
            byte[] content = streams[TEXTS].raw((int) length);
            System.arraycopy(content, 0, message, position, content.length);
            position += content.length;
        }

        private void need(long length) throws NotCborException {
            if (length < 0 || length > message.length - position) {
                throw new NotCborException();
            }
        }

        @Override
        public boolean isAtEnd() {
            return position == message.length;
        }
    }
}
