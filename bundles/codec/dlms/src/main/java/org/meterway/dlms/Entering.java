// SPDX-License-Identifier: EPL-2.0
package org.meterway.dlms;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.meterway.api.codec.FrameRejectedException;
import org.meterway.api.line.DialogueContext;

/**
 * Enters an association (IEC 62056-5-3, 7.2 and 5.7.2): AARQ and AARE, and with HLS the two challenges. Used by one dialogue.
 */
final class Entering {
    private static final byte[] LOGICAL_NAMES = Decodings.bytes("060760857405080101");
    private static final byte[] LOGICAL_NAMES_CIPHERED = Decodings.bytes("060760857405080103");
    private static final byte[] MECHANISM = Decodings.bytes("608574050802");
    private static final Descriptor REPLY_TO_HLS = Descriptor.parse("15/0-0:40.0.0/1");
    /** Blocks with get, set and action; multiple references; get, set, selective access, action. */
    private static final byte[] CONFORMANCE = {0x5f, 0x1f, 0x04, 0x00, 0x00, 0x1e, 0x1d};

    private static final int MULTIPLE_REFERENCES = 0x0200;
    private static final int CHALLENGE = 16;
    private static final int REFUSED_PERMANENTLY = 1;
    private final Access access;
    private final ClientSecurity security;
    private final byte[] challenge;
    private byte[] serverChallenge = new byte[0];
    private boolean accepted;
    private boolean challenged;
    private boolean multiple;

    Entering(Access access, ClientSecurity security, DialogueContext context) {
        this.access = access;
        this.security = security;
        this.challenge = access.mechanism() == Access.GMAC ? context.random(CHALLENGE) : new byte[0];
    }

    /** Whether the meter takes requests of several attributes. */
    boolean multiple() {
        return multiple && access.list();
    }

    /** The AARQ. */
    byte[] request() {
        byte[] initiate = Gcm.concat(
                new byte[] {0x01, 0, 0, 0, 6}, CONFORMANCE, new byte[] {(byte) (access.pdu() >> 8), (byte) access.pdu()
                });
        byte[] name = tlv(0xa1, access.ciphered() ? LOGICAL_NAMES_CIPHERED : LOGICAL_NAMES);
        byte[] title = access.ciphered() || access.mechanism() == Access.GMAC
                ? tlv(0xa6, tlv(0x04, security.title()))
                : new byte[0];
        byte[] authentication = new byte[0];
        if (access.mechanism() != 0) {
            byte[] value = access.mechanism() == Access.LLS
                    ? security.keys().password().orElseThrow()
                    : challenge;
            authentication = Gcm.concat(
                    new byte[] {(byte) 0x8a, 2, 7, (byte) 0x80},
                    tlv(0x8b, Gcm.concat(MECHANISM, new byte[] {(byte) access.mechanism()})),
                    tlv(0xac, tlv(0x80, value)));
        }
        byte[] information = access.ciphered() ? security.protect(initiate) : initiate;
        return tlv(0x60, Gcm.concat(name, title, authentication, tlv(0xbe, tlv(0x04, information))));
    }

    private static byte[] tlv(int tag, byte[] value) {
        return Gcm.concat(new byte[] {(byte) tag}, Requests.length(value.length), value);
    }

    /**
     * Takes the meter's answer.
     *
     * @return the next thing to say, already protected; null when the association is there
     * @throws FrameRejectedException if the meter refuses, or does not prove that it knows the keys
     */
    byte @Nullable [] answer(byte[] apdu) throws FrameRejectedException {
        if (!accepted) {
            aare(apdu);
            accepted = true;
            if (access.mechanism() != Access.GMAC) {
                return null;
            }
            challenged = true;
            return protect(Requests.action(REPLY_TO_HLS, Requests.octets(security.gmac(serverChallenge))));
        }
        if (challenged) {
            proof(access.ciphered() ? security.open(apdu) : apdu);
        }
        return null;
    }

    private byte[] protect(byte[] apdu) {
        return access.ciphered() ? security.protect(apdu) : apdu;
    }

    private void aare(byte[] apdu) throws FrameRejectedException {
        Cursor in = Decodings.cursor(apdu);
        int tag = in.u8("AARE");
        if (tag != 0x61) {
            throw in.rejected("AARE", 0, "an AARE was expected, found " + Apdus.name(tag));
        }
        Cursor content = in.sub(in.length("AARE"), "AARE");
        int result = -1;
        int diagnostic = 0;
        byte[] information = new byte[0];
        while (content.remaining() > 0) {
            int element = content.u8("AARE");
            byte[] value = content.octets("AARE");
            switch (element) {
                case 0xa2 -> result = value.length > 0 ? value[value.length - 1] : -1;
                case 0xa3 -> diagnostic = value.length > 0 ? value[value.length - 1] & 255 : 0;
                case 0xa4 -> security.serverTitle(inner(value));
                case 0xaa -> serverChallenge = inner(value);
                case 0xbe -> information = inner(value);
                default -> {
                    // Not needed.
                }
            }
        }
        boolean authenticationWaits = access.mechanism() == Access.GMAC && diagnostic == 14;
        if (result != 0 && !(result != REFUSED_PERMANENTLY && authenticationWaits)) {
            throw in.rejected("AARE", 0, "the meter refuses the association: " + diagnosticText(diagnostic));
        }
        if (access.mechanism() == Access.GMAC && serverChallenge.length < 8) {
            throw in.rejected("AARE", 0, "the meter sends no challenge");
        }
        initiated(information);
    }

    private static byte[] inner(byte[] value) throws FrameRejectedException {
        Cursor in = Decodings.cursor(value);
        in.u8("AARE");
        return in.octets("AARE");
    }

    private void initiated(byte[] information) throws FrameRejectedException {
        byte[] plain = access.ciphered() && information.length > 0 ? security.open(information) : information;
        Cursor in = Decodings.cursor(plain);
        int tag = in.u8("initiate-response");
        if (tag != 0x08) {
            throw in.rejected("initiate-response", 0, "found " + Apdus.name(tag));
        }
        if (in.u8("initiate-response") == 1) {
            in.u8("initiate-response");
        }
        in.u8("dlms-version-number");
        in.take(in.peek(1) == 0x1f ? 2 : 1, "conformance");
        byte[] conformance = in.octets("conformance");
        int bits = conformance.length == 4 ? (conformance[2] & 255) << 8 | conformance[3] & 255 : 0;
        multiple = (bits & MULTIPLE_REFERENCES) != 0;
    }

    /** The meter's answer to our challenge. */
    private void proof(byte[] apdu) throws FrameRejectedException {
        Cursor in = Decodings.cursor(apdu);
        byte[] head = in.take(Math.min(6, in.remaining()), "action-response");
        boolean data = Arrays.equals(
                new byte[] {(byte) 0xc7, 1, 0, 1, 0},
                head.length == 6 ? new byte[] {head[0], head[1], head[3], head[4], head[5]} : new byte[0]);
        if (!data) {
            throw in.rejected("action-response", 0, "the meter does not accept our authentication");
        }
        Datum answer = new Axdr().read(in);
        if (!security.answers(challenge, answer.octets())) {
            throw in.rejected("action-response", 0, "the meter does not prove that it knows the keys");
        }
    }

    private static String diagnosticText(int code) {
        return switch (code) {
            case 1 -> "no reason given";
            case 2 -> "application context not supported";
            case 11 -> "authentication mechanism not recognised";
            case 12 -> "authentication mechanism required";
            case 13 -> "authentication failure";
            case 14 -> "authentication required";
            default -> "diagnostic " + code;
        };
    }
}
