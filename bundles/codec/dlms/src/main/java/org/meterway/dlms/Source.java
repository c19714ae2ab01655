// SPDX-License-Identifier: EPL-2.0
package org.meterway.dlms;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Bytes to read: the frame itself, or bytes derived from it by joining segments or decrypting. Derived bytes know where each of
 * them came from, so that every rejection can name the byte of the frame.
 */
final class Source {
    /** Name of the part in traces; empty for the frame. */
    final String part;

    final byte[] bytes;
    private final int[] starts;
    private final Source[] parents;
    private final int[] origins;

    private Source(String part, byte[] bytes, int[] starts, Source[] parents, int[] origins) {
        this.part = part;
        this.bytes = bytes;
        this.starts = starts;
        this.parents = parents;
        this.origins = origins;
    }

    static Source frame(byte[] bytes) {
        return new Source("", bytes, new int[0], new Source[0], new int[0]);
    }

    /** Bytes that replace the ones of {@code parent} from {@code origin}, for example the plain text of a cipher text. */
    static Source transformed(String part, byte[] bytes, Source parent, int origin) {
        return new Source(part, bytes, new int[] {0}, new Source[] {parent}, new int[] {origin});
    }

    /** The offset in the frame of the byte at {@code at}. */
    int frameOffset(int at) {
        if (starts.length == 0) {
            return at;
        }
        int found = Arrays.binarySearch(starts, at);
        int piece = found >= 0 ? found : Math.max(-found - 2, 0);
        return parents[piece].frameOffset(origins[piece] + at - starts[piece]);
    }

    private record Piece(Source source, int from, int to) {}

    /** Joins pieces of sources. */
    static final class Joiner {
        private final List<Piece> pieces = new ArrayList<>();
        private int length;

        void add(Source source, int from, int to) {
            if (to > from) {
                pieces.add(new Piece(source, from, to));
                length += to - from;
            }
        }

        boolean isEmpty() {
            return pieces.isEmpty();
        }

        /** A cursor over all pieces: over the only one where it stands, over joined bytes of this name if there are more. */
        Cursor cursor(String part, Trace trace) {
            if (pieces.size() == 1) {
                Piece only = pieces.get(0);
                return new Cursor(only.source, only.from, only.to, trace);
            }
            byte[] joined = new byte[length];
            int[] starts = new int[pieces.size()];
            Source[] parents = new Source[pieces.size()];
            int[] origins = new int[pieces.size()];
            int at = 0;
            for (int i = 0; i < pieces.size(); i++) {
                Piece piece = pieces.get(i);
                starts[i] = at;
                parents[i] = piece.source;
                origins[i] = piece.from;
                System.arraycopy(piece.source.bytes, piece.from, joined, at, piece.to - piece.from);
                at += piece.to - piece.from;
            }
            return Cursor.of(new Source(trace.uniquePart(part), joined, starts, parents, origins), trace);
        }
    }
}
