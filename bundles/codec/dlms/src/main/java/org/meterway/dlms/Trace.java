// SPDX-License-Identifier: EPL-2.0
package org.meterway.dlms;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.meterway.api.codec.DecodeContext;
import org.meterway.api.codec.Field;

/**
 * Collects what runs of bytes mean and tells it in the order of the bytes, part by part. What a value turned out to be is known
 * only after it was read, so it is added to what is noted already.
 */
final class Trace {
    private static final int MOST = 100_000;
    private final DecodeContext context;
    private final boolean on;
    private final List<Note> notes = new ArrayList<>();
    private final Map<String, Integer> parts = new HashMap<>();
    private final Map<Long, Note> byPlace = new HashMap<>();

    private static final class Note {
        final int part;
        final String name;
        final int offset;
        final int length;
        String meaning;

        Note(int part, String name, int offset, int length, String meaning) {
            this.part = part;
            this.name = name;
            this.offset = offset;
            this.length = length;
            this.meaning = meaning;
        }
    }

    Trace(DecodeContext context) {
        this.context = context;
        this.on = context.traced();
        parts.put("", 0);
    }

    boolean on() {
        return on;
    }

    void add(Source source, int offset, int length, String meaning) {
        if (!on || notes.size() >= MOST) {
            return;
        }
        int part = parts.computeIfAbsent(source.part, name -> parts.size());
        Note note = new Note(part, source.part, offset, length, meaning);
        notes.add(note);
        byPlace.put((long) part << 32 | offset, note);
    }

    /** Adds to what was noted of the bytes at {@code offset} what they turned out to be. */
    void explain(Source source, int offset, String meaning) {
        Integer part = on ? parts.get(source.part) : null;
        Note note = part == null ? null : byPlace.get((long) part << 32 | offset);
        if (note != null) {
            note.meaning = note.meaning + " = " + meaning;
        }
    }

    /** A name for derived bytes that no other has. */
    String uniquePart(String name) {
        if (!on) {
            return name;
        }
        String unique = name;
        for (int i = 2; parts.containsKey(unique); i++) {
            unique = name + " " + i;
        }
        parts.put(unique, parts.size());
        return unique;
    }

    /** Tells everything. */
    void tell() {
        if (on) {
            notes.sort(Comparator.<Note>comparingInt(note -> note.part)
                    .thenComparingInt(note -> note.offset)
                    .thenComparingInt(note -> -note.length));
            notes.forEach(note -> context.field(new Field(note.name, note.offset, note.length, note.meaning)));
        }
    }
}
