// SPDX-License-Identifier: EPL-2.0
package org.meterway.dlms;

import java.util.HexFormat;
import java.util.List;
import org.meterway.api.codec.FrameRejectedException;
import org.meterway.dlms.Security.KeyKind;
import org.meterway.dlms.Security.Plain;

/**
 * Association APDUs: AARQ, AARE, RLRQ, RLRE in BER (IEC 62056-5-3, 7.2 and annex), and the initiate APDUs in their user information.
 * Secrets in them are not told.
 */
final class Association {
    private static final int AARQ = 0x60;
    private static final int AARE = 0x61;
    private static final int USER_INFORMATION = 0xbe;
    private final Session session;
    private final Security security;

    Association(Session session, Security security) {
        this.session = session;
        this.security = security;
    }

    void acse(Cursor in, int tag) throws FrameRejectedException {
        String name = Apdus.name(tag);
        int lengthAt = in.at;
        int length = in.length(name + " length");
        in.note(lengthAt, "length", length);
        Cursor content = in.sub(length, name);
        while (content.remaining() > 0) {
            element(content, tag);
        }
        session.sink.unnamed(name);
    }

    private void element(Cursor in, int apdu) throws FrameRejectedException {
        int start = in.at;
        int tag = in.u8("element");
        String name = elementName(tag, apdu);
        Cursor value = in.sub(in.length(name), name);
        int end = value.end;
        if (tag == USER_INFORMATION) {
            int inner = value.at;
            if (value.u8(name) != 0x04) {
                throw value.rejected(name, inner, "an octet string (04) was expected");
            }
            int length = value.length(name);
            if (session.trace.on()) {
                session.trace.add(in.source, start, value.at - start, name + ": " + length + " bytes");
            }
            Cursor xdlms = value.sub(length, name);
            value.finish(name);
            userInformation(xdlms);
            return;
        }
        if (tag == 0xa6 && apdu == AARQ || tag == 0xa4 && apdu == AARE) {
            byte[] title = inner(value, name);
            if (apdu == AARQ) {
                session.clientTitle(title);
            } else {
                session.serverTitle(title);
            }
        }
        if (session.trace.on()) {
            boolean secret = tag == 0xac || tag == 0xaa;
            String shown = secret
                    ? end - value.at + " bytes"
                    : HexFormat.of().formatHex(in.source.bytes, end - length(in, start), end);
            session.trace.add(in.source, start, end - start, name + ": " + shown + meaning(tag, apdu, in, end));
        }
        in.at = end;
    }

    /** The length an element says in its second byte. */
    private static int length(Cursor in, int start) {
        return in.source.bytes[start + 1] & 127;
    }

    private static byte[] inner(Cursor value, String name) throws FrameRejectedException {
        int start = value.at;
        if (value.u8(name) != 0x04) {
            throw value.rejected(name, start, "an octet string (04) was expected");
        }
        return value.octets(name);
    }

    private static String meaning(int tag, int apdu, Cursor in, int end) {
        int last = in.source.bytes[end - 1] & 255;
        if (apdu == AARE && tag == 0xa2) {
            return last == 0 ? " (accepted)" : last == 1 ? " (rejected permanently)" : " (rejected for now)";
        }
        if (tag == 0xa1 && apdu <= AARE) {
            return switch (last) {
                case 1 -> " (logical names)";
                case 2 -> " (short names)";
                case 3 -> " (logical names, ciphered)";
                case 4 -> " (short names, ciphered)";
                default -> "";
            };
        }
        if (tag == 0x8b && apdu == AARQ || tag == 0x89 && apdu == AARE) {
            return switch (last) {
                case 0 -> " (no security)";
                case 1 -> " (LLS)";
                case 5 -> " (HLS GMAC)";
                default -> " (HLS " + last + ")";
            };
        }
        return "";
    }

    private static String elementName(int tag, int apdu) {
        return switch (tag) {
            case 0xa1 -> "application-context-name";
            case 0xa2 -> apdu == AARE ? "result" : "called-AP-title";
            case 0xa3 -> apdu == AARE ? "result-source-diagnostic" : "called-AE-qualifier";
            case 0xa4 -> apdu == AARE ? "responding-AP-title" : "called-AP-invocation-id";
            case 0xa5 -> apdu == AARE ? "responding-AE-qualifier" : "called-AE-invocation-id";
            case 0xa6 -> apdu == AARQ ? "calling-AP-title" : "responding-AP-invocation-id";
            case 0xa7 -> apdu == AARQ ? "calling-AE-qualifier" : "responding-AE-invocation-id";
            case 0x80 -> apdu >= 0x62 ? "reason" : "protocol-version";
            case 0x88 -> "responder-acse-requirements";
            case 0x89 -> "mechanism-name";
            case 0x8a -> "sender-acse-requirements";
            case 0x8b -> "mechanism-name";
            case 0xaa -> "responding-authentication-value";
            case 0xac -> "calling-authentication-value";
            case USER_INFORMATION -> "user-information";
            default -> "element " + Integer.toHexString(tag);
        };
    }

    private void userInformation(Cursor in) throws FrameRejectedException {
        int start = in.at;
        int tag = in.u8("user-information");
        switch (tag) {
            case 0x01, 0x08, 0x0e -> {
                in.note(start, "APDU", Apdus.name(tag));
                initiate(in, tag);
            }
            case 0x21, 0x28, 0x2e -> {
                in.note(start, "APDU", Apdus.name(tag));
                ciphered(in, tag);
            }
            default -> throw in.rejected("user-information", start, "an initiate APDU was expected, found tag " + tag);
        }
        in.finish("user-information");
    }

    /** A ciphered initiate: opened if keys and title are known, left closed if not, for it holds no readings. */
    void ciphered(Cursor in, int tag) throws FrameRejectedException {
        int start = in.at;
        int length = in.length(Apdus.name(tag));
        in.note(start, "length", length);
        Cursor content = in.sub(length, Apdus.name(tag));
        byte[] title = session.title(tag != 0x21).orElse(null);
        boolean keys = session.keys.encryption().isPresent()
                && session.keys.authentication().isPresent();
        if (title == null || !keys) {
            if (session.trace.on()) {
                session.trace.add(
                        in.source,
                        content.at,
                        content.remaining(),
                        Apdus.name(tag) + ": closed, keys or title unknown");
            }
            return;
        }
        Plain plain = security.open(content, title, KeyKind.GLOBAL, List.of(new byte[0]));
        if (tag != 0x21) {
            session.counted(plain.invocation());
        }
        Cursor apdu = plain.apdu();
        int inner = apdu.at;
        int plainTag = apdu.u8("initiate");
        int expected = tag == 0x21 ? 0x01 : tag == 0x28 ? 0x08 : 0x0e;
        if (plainTag != expected) {
            throw apdu.rejected("decrypted APDU", inner, "should be " + Apdus.name(expected));
        }
        apdu.note(inner, "APDU", Apdus.name(plainTag));
        initiate(apdu, plainTag);
        apdu.finish(Apdus.name(plainTag));
    }

    /** After its tag: initiate-request, initiate-response or confirmed-service-error. */
    void initiate(Cursor in, int tag) throws FrameRejectedException {
        if (tag == 0x0e) {
            int start = in.at;
            int service = in.u8("service");
            int kind = in.u8("error kind");
            int value = in.u8("error");
            in.note(start, "confirmed-service-error", "service " + service + ", kind " + kind + ", error " + value);
            session.sink.unnamed("confirmed-service-error " + service + "/" + kind + "/" + value);
            return;
        }
        if (tag == 0x01) {
            int start = in.at;
            if (optional(in, "dedicated-key")) {
                in.octets("dedicated-key");
            }
            in.note(start, "dedicated-key", in.at - start > 1 ? in.at - start - 2 + " bytes" : "none");
            int allowedAt = in.at;
            if (optional(in, "response-allowed")) {
                in.u8("response-allowed");
            }
            in.noteHex(allowedAt, "response-allowed");
        }
        int qosAt = in.at;
        if (optional(in, "quality-of-service")) {
            in.u8("quality-of-service");
        }
        in.noteHex(qosAt, "quality-of-service");
        in.note(in.at, "dlms-version-number", in.u8("dlms-version-number"));
        int conformanceAt = in.at;
        int first = in.u8("conformance");
        if (first != 0x5f || in.peek(0) != 0x1f && in.peek(0) != 0x04) {
            throw in.rejected("conformance", conformanceAt, "tag 5f1f was expected");
        }
        if (in.peek(0) == 0x1f) {
            in.u8("conformance");
        }
        byte[] conformance = in.octets("conformance");
        if (conformance.length != 4) {
            throw in.rejected("conformance", conformanceAt, "has " + conformance.length + " bytes, 4 were expected");
        }
        in.noteHex(conformanceAt, "conformance");
        in.note(in.at, "max-receive-pdu-size", in.u16("max-receive-pdu-size"));
        if (tag == 0x08) {
            in.note(in.at, "vaa-name", String.format("%04x", in.u16("vaa-name")));
        }
        session.sink.unnamed(Apdus.name(tag));
    }

    private static boolean optional(Cursor in, String name) throws FrameRejectedException {
        int start = in.at;
        int there = in.u8(name);
        if (there > 1) {
            throw in.rejected(name, start, "0 (none) or 1 was expected, found " + there);
        }
        return there == 1;
    }
}
