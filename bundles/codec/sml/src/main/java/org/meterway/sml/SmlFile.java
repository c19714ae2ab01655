// SPDX-License-Identifier: EPL-2.0
package org.meterway.sml;

import java.util.Map;
import java.util.function.Supplier;
import org.meterway.api.codec.DecodeContext;
import org.meterway.api.codec.Field;
import org.meterway.api.codec.FrameRejectedException;

/** Reads the messages of one SML file (SML 1.04, 5.1): each with its transaction, body and checksum. */
final class SmlFile {
    private static final int MESSAGE = 0x76;

    /** Names of messages and of the elements of their bodies (SML 1.04, 5.1.2 to 5.1.18). */
    private static final Map<Integer, String[]> BODIES = Map.ofEntries(
            Map.entry(0x0100, names("OpenRequest codepage clientId reqFileId serverId username password smlVersion")),
            Map.entry(0x0101, names("OpenResponse codepage clientId reqFileId serverId refTime smlVersion")),
            Map.entry(0x0200, names("CloseRequest globalSignature")),
            Map.entry(0x0201, names("CloseResponse globalSignature")),
            Map.entry(
                    0x0300,
                    names("GetProfilePackRequest serverId username password withRawdata beginTime endTime"
                            + " parameterTreePath object_List dasDetails")),
            Map.entry(
                    0x0301,
                    names("GetProfilePackResponse serverId actTime regPeriod parameterTreePath header_List period_List"
                            + " rawdata profileSignature")),
            Map.entry(
                    0x0400,
                    names("GetProfileListRequest serverId username password withRawdata beginTime endTime"
                            + " parameterTreePath object_List dasDetails")),
            Map.entry(
                    0x0401,
                    names("GetProfileListResponse serverId actTime regPeriod parameterTreePath valTime status"
                            + " period_List rawdata periodSignature")),
            Map.entry(0x0500, names("GetProcParameterRequest serverId username password parameterTreePath attribute")),
            Map.entry(0x0501, names("GetProcParameterResponse serverId parameterTreePath parameterTree")),
            Map.entry(
                    0x0600,
                    names("SetProcParameterRequest serverId username password parameterTreePath parameterTree")),
            Map.entry(0x0700, names("GetListRequest clientId serverId username password listName")),
            Map.entry(
                    0x0701,
                    names("GetListResponse clientId serverId listName actSensorTime valList listSignature"
                            + " actGatewayTime")),
            Map.entry(0xff01, names("AttentionResponse serverId attentionNo attentionMsg attentionDetails")));

    private final Payload payload;
    private final Elements elements;
    private final DecodeContext context;
    private final Lists lists;
    private final ReadingSink sink;
    private final boolean traced;
    private final int end;

    /** @param end behind the file, without its padding */
    SmlFile(Payload payload, int end, DecodeContext context, ReadingSink sink) {
        this.payload = payload;
        this.elements = new Elements(payload, end);
        this.context = context;
        this.sink = sink;
        this.traced = context.traced();
        this.end = end;
        this.lists = new Lists(payload, elements, this, sink);
    }

    private static String[] names(String text) {
        return text.split(" ");
    }

    /** Tells what the element read last means. */
    void told(String name) {
        if (traced) {
            field(elements.start(), elements.position(), name + ": " + elements.shown());
        }
    }

    /** Tells what the element read last means in other words. */
    void told(String name, Supplier<String> meaning) {
        if (traced) {
            field(elements.start(), elements.position(), name + ": " + meaning.get());
        }
    }

    boolean traced() {
        return traced;
    }

    private void field(int from, int to, String meaning) {
        if (traced && to > from) {
            int offset = payload.offset(from);
            context.field(Field.of(offset, payload.offset(to - 1) + 1 - offset, meaning));
        }
    }

    /** Reads all messages; at least one is expected. */
    void read() throws FrameRejectedException {
        int messages = 0;
        while (elements.position() < end) {
            int at = elements.position();
            if (elements.peek() == 0) {
                // Padding that the transport does not count, or between messages.
                while (elements.position() < end && elements.peek() == 0) {
                    elements.skipByte();
                }
                field(at, elements.position(), "padding");
                continue;
            }
            message();
            messages++;
        }
        if (messages == 0) {
            throw payload.rejected("SML file", 0, "has no message");
        }
    }

    private void message() throws FrameRejectedException {
        int start = elements.position();
        if (elements.peek() != MESSAGE) {
            throw payload.rejected(
                    "SML message", start, String.format("expected a list of 6 (76), was %02x", elements.peek()));
        }
        elements.list("SML message", 6);
        told("SML message", () -> "list of 6");
        elements.octets("transactionId");
        told("transactionId");
        number("groupNo");
        number("abortOnError");
        elements.list("messageBody", 2);
        told("messageBody", () -> "list of 2");
        elements.next("message tag");
        if (elements.type() != Elements.UNSIGNED) {
            throw elements.expected("message tag", "an unsigned number");
        }
        int tag = (int) Math.min(elements.integer() & Long.MAX_VALUE, Integer.MAX_VALUE);
        String[] names = BODIES.getOrDefault(tag, new String[] {"body"});
        told("message tag", () -> String.format("%04x (%s)", tag, names[0].equals("body") ? "unknown" : names[0]));
        switch (tag) {
            case 0x0701 -> lists.getListResponse();
            case 0x0301 -> lists.profilePack();
            case 0x0401 -> lists.profileList();
            default -> {
                if (!BODIES.containsKey(tag)) {
                    sink.unnamed(String.format("SML message %04x", tag));
                }
                body(names);
            }
        }
        crc(start);
        if (elements.position() >= end || elements.peek() != 0) {
            throw payload.rejected("endOfSmlMsg", elements.position(), "expected 00");
        }
        elements.skipByte();
        field(elements.position() - 1, elements.position(), "endOfSmlMsg");
    }

    private void number(String name) throws FrameRejectedException {
        elements.next(name);
        if (!elements.number()) {
            throw elements.expected(name, "a number");
        }
        told(name);
    }

    /** A body whose values are no readings: every element by its name, what they contain by their depth. */
    private void body(String[] names) throws FrameRejectedException {
        int[] index = {0};
        String[] current = {names[0]};
        elements.walk(names[0], depth -> {
            if (depth == 1) {
                index[0]++;
                current[0] = index[0] < names.length ? names[index[0]] : names[0];
            }
            if (current[0].equals("password") && !elements.absent()) {
                told("password", () -> "not shown");
            } else if (current[0].endsWith("status")) {
                told("status", () -> elements.number() ? Status.shown(elements.integer()) : elements.shown());
            } else {
                told(current[0]);
            }
        });
    }

    private void crc(int start) throws FrameRejectedException {
        int at = elements.position();
        elements.next("message crc16");
        if (elements.type() != Elements.UNSIGNED || elements.length() > 2) {
            throw elements.expected("message crc16", "an unsigned number of 2 bytes");
        }
        int given = (int) elements.integer();
        int x25 = Crc16.x25(payload.bytes(), start, at);
        int kermit = Crc16.kermit(payload.bytes(), start, at);
        if (given != Crc16.swapped(x25) && given != x25 && given != Crc16.swapped(kermit) && given != kermit) {
            throw payload.rejected(
                    "message crc16",
                    at,
                    String.format("is %04x, the message's bytes give %04x", given, Crc16.swapped(x25)));
        }
        told("crc16", () -> String.format("%04x", given));
    }
}
