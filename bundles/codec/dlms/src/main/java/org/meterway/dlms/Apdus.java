// SPDX-License-Identifier: EPL-2.0
package org.meterway.dlms;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.meterway.api.codec.FrameRejectedException;
import org.meterway.dlms.Security.KeyKind;
import org.meterway.dlms.Security.Plain;

/** Reads APDUs (IEC 62056-5-3, clause 8) one after the other: takes protection and blocks off, hands services on. */
final class Apdus {
    static final int DATA_NOTIFICATION = 0x0f;
    private static final int GENERAL_GLO = 0xdb;
    private static final int GENERAL_DED = 0xdc;
    private static final int GENERAL_CIPHERING = 0xdd;
    private static final int DEEPEST = 4;
    private static final int MOST = 4_096;
    private final Session session;
    private final Security security;
    private final Notifications notifications;
    private final GetService get;
    private final OtherServices other;
    private final Association association;
    private final GeneralBlocks blocks;
    private int apdus;
    private byte[] lastTitle = new byte[0];

    Apdus(Session session) {
        this.session = session;
        this.security = new Security(session.keys, session.trace);
        this.notifications = new Notifications(session);
        this.get = new GetService(session);
        this.other = new OtherServices(session);
        this.association = new Association(session, security);
        this.blocks = new GeneralBlocks(session);
    }

    void apdu(Cursor in) throws FrameRejectedException {
        apdu(in, 0);
    }

    /** No more APDUs come. */
    void finish() throws FrameRejectedException {
        blocks.finish();
        get.finish();
        session.answers.finish();
    }

    private void apdu(Cursor in, int depth) throws FrameRejectedException {
        int start = in.at;
        if (++apdus > MOST) {
            throw in.rejected("APDU", start, "more than " + MOST + " APDUs in a frame");
        }
        if (depth > DEEPEST) {
            throw in.rejected("APDU", start, "nested deeper than " + DEEPEST + " APDUs");
        }
        int tag = in.u8("APDU");
        String name = name(tag);
        in.note(start, "APDU", name);
        switch (tag) {
            case DATA_NOTIFICATION -> notifications.data(in);
            case 0xc2 -> notifications.event(in);
            case 0xc0 -> get.request(in);
            case 0xc4 -> get.response(in);
            case 0xc1 -> other.setRequest(in);
            case 0xc5 -> other.setResponse(in);
            case 0xc3 -> other.actionRequest(in);
            case 0xc7 -> other.actionResponse(in);
            case 0xd8 -> other.exception(in);
            case 0x60, 0x61, 0x62, 0x63 -> association.acse(in, tag);
            case 0x01, 0x08, 0x0e -> association.initiate(in, tag);
            case 0x21, 0x28, 0x2e -> association.ciphered(in, tag);
            case 0xe0 -> {
                Cursor whole = blocks.block(in);
                if (whole != null) {
                    apdu(whole, depth + 1);
                }
                return;
            }
            case 0xc8, 0xc9, 0xca, 0xcb, 0xcc, 0xcd, 0xcf -> {
                service(in, tag, tag - 8, KeyKind.GLOBAL, depth);
                return;
            }
            case 0xd0, 0xd1, 0xd2, 0xd3, 0xd4, 0xd5, 0xd7 -> {
                service(in, tag, tag - 16, KeyKind.DEDICATED, depth);
                return;
            }
            case GENERAL_GLO, GENERAL_DED -> {
                general(in, tag == GENERAL_GLO ? KeyKind.GLOBAL : KeyKind.DEDICATED, depth);
                return;
            }
            case GENERAL_CIPHERING -> {
                generalCiphering(in, depth);
                return;
            }
            default ->
                throw in.rejected("APDU", start, String.format(Locale.ROOT, "there is no APDU %02x known here", tag));
        }
        in.finish(name);
    }

    /** A service with its own ciphered tag: length, then the protected APDU. */
    private void service(Cursor in, int tag, int plainTag, KeyKind kind, int depth) throws FrameRejectedException {
        int start = in.at;
        Cursor content = content(in, name(tag));
        boolean fromServer = (plainTag & 4) != 0 || plainTag == 0xc2;
        byte[] title = session.title(fromServer)
                .orElseThrow(() -> in.rejected(
                        "system title", start, name(tag) + " carries none and the meter's system_title is not known"));
        opened(security.open(content, title, kind, List.of(new byte[0])), plainTag, fromServer, depth);
    }

    private void general(Cursor in, KeyKind kind, int depth) throws FrameRejectedException {
        int start = in.at;
        byte[] title = in.octets("system title");
        if (title.length == 0) {
            title = session.title(true)
                    .orElseThrow(() ->
                            in.rejected("system title", start, "is empty and the meter's system_title is not known"));
        }
        if (title.length != Gcm.TITLE) {
            throw in.rejected("system title", start, "has " + title.length + " bytes, 8 were expected");
        }
        in.note(start, "system title", HexFormat.of().formatHex(title));
        lastTitle = title;
        Cursor content = content(in, "general ciphering");
        opened(security.open(content, title, kind, List.of(new byte[0])), -1, true, depth);
    }

    /**
     * General-ciphering (IEC 62056-5-3, 5.3.4.8.5): the header is authenticated too; companion texts differ on whether with or
     * without the lengths of its fields, so both are tried.
     */
    private void generalCiphering(Cursor in, int depth) throws FrameRejectedException {
        int header = in.at;
        ByteArrayOutputStream bare = new ByteArrayOutputStream();
        byte[] title = new byte[0];
        int titleAt = in.at;
        for (String field : new String[] {
            "transaction-id", "originator-system-title", "recipient-system-title", "date-time", "other-information"
        }) {
            int at = in.at;
            byte[] value = in.octets(field);
            in.noteHex(at, field);
            bare.writeBytes(value);
            if (field.startsWith("originator")) {
                title = value;
                titleAt = at;
            }
        }
        byte[] withLengths = Arrays.copyOfRange(in.source.bytes, header, in.at);
        if (title.length != Gcm.TITLE) {
            throw in.rejected("originator-system-title", titleAt, "has " + title.length + " bytes, 8 were expected");
        }
        keyInfo(in);
        lastTitle = title;
        Cursor content = content(in, "ciphered content");
        Plain plain = security.open(content, title, KeyKind.GLOBAL, List.of(withLengths, bare.toByteArray()));
        opened(plain, -1, true, depth);
    }

    private static void keyInfo(Cursor in) throws FrameRejectedException {
        int start = in.at;
        if (in.u8("key-info") == 0) {
            in.note(start, "key-info", "none");
            return;
        }
        int choiceAt = in.at;
        int choice = in.u8("key-info");
        if (choice != 0) {
            throw in.rejected("key-info", choiceAt, "wrapped and agreed keys are not supported");
        }
        int key = in.u8("key-id");
        if (key > 1) {
            throw in.rejected("key-id", in.at - 1, "there is no identified key " + key);
        }
        in.note(start, "key-info", key == 0 ? "global unicast key" : "global broadcast key");
    }

    private static Cursor content(Cursor in, String name) throws FrameRejectedException {
        int start = in.at;
        int length = in.length(name + " length");
        in.note(start, "length", length);
        Cursor content = in.sub(length, name);
        in.finish(name);
        return content;
    }

    /** Goes on with what was protected; a service must be the one its ciphered tag said. */
    private void opened(Plain plain, int expectedTag, boolean fromServer, int depth) throws FrameRejectedException {
        Cursor apdu = plain.apdu();
        if (fromServer) {
            session.counted(plain.invocation());
        }
        if (expectedTag >= 0 && apdu.peek(0) != expectedTag) {
            throw apdu.rejected(
                    "decrypted APDU", apdu.at, "should be " + name(expectedTag) + ": the key is not the sender's");
        }
        if (expectedTag < 0 && !isApdu(apdu.peek(0))) {
            throw apdu.rejected(
                    "decrypted APDU",
                    apdu.at,
                    String.format(
                            Locale.ROOT,
                            "starts with %02x, no APDU does: the key is not the sender's",
                            Math.max(apdu.peek(0), 0)));
        }
        String maker = letters(lastTitle);
        notifications.maker(maker);
        session.answers.maker(maker);
        apdu(apdu, depth + 1);
    }

    private static String letters(byte[] title) {
        StringBuilder letters = new StringBuilder();
        for (int i = 0; i < 3 && i < title.length; i++) {
            letters.append(title[i] >= 'A' && title[i] <= 'Z' ? (char) title[i] : '?');
        }
        return letters.length() == 3 && letters.indexOf("?") < 0 ? letters.toString() : "";
    }

    private static boolean isApdu(int tag) {
        return !name(tag).startsWith("unknown");
    }

    static String name(int tag) {
        return switch (tag) {
            case 0x01 -> "initiate-request";
            case 0x08 -> "initiate-response";
            case 0x0e -> "confirmed-service-error";
            case DATA_NOTIFICATION -> "data-notification";
            case 0x21 -> "glo-initiate-request";
            case 0x28 -> "glo-initiate-response";
            case 0x2e -> "glo-confirmed-service-error";
            case 0x60 -> "AARQ";
            case 0x61 -> "AARE";
            case 0x62 -> "RLRQ";
            case 0x63 -> "RLRE";
            case 0xc0 -> "get-request";
            case 0xc1 -> "set-request";
            case 0xc2 -> "event-notification-request";
            case 0xc3 -> "action-request";
            case 0xc4 -> "get-response";
            case 0xc5 -> "set-response";
            case 0xc7 -> "action-response";
            case 0xd8 -> "exception-response";
            case GENERAL_GLO -> "general-glo-ciphering";
            case GENERAL_DED -> "general-ded-ciphering";
            case GENERAL_CIPHERING -> "general-ciphering";
            case 0xe0 -> "general-block-transfer";
            case 0xc8, 0xc9, 0xca, 0xcb, 0xcc, 0xcd, 0xcf -> "glo-" + name(tag - 8);
            case 0xd0, 0xd1, 0xd2, 0xd3, 0xd4, 0xd5, 0xd7 -> "ded-" + name(tag - 16);
            default -> "unknown " + tag;
        };
    }
}
