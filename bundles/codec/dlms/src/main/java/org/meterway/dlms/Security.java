// SPDX-License-Identifier: EPL-2.0
package org.meterway.dlms;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import org.meterway.api.codec.FrameRejectedException;
import org.meterway.api.codec.Invocation;

/**
 * Takes the protection off a ciphered APDU (IEC 62056-5-3, 5.3 and 7.2): security control byte, invocation counter, cipher text,
 * tag.
 */
final class Security {
    private static final int AUTHENTICATED = 0x10;
    private static final int ENCRYPTED = 0x20;
    private static final int BROADCAST = 0x40;
    private static final int COMPRESSED = 0x80;
    private static final int SUITE = 0x0f;
    private static final int SUITE_256 = 2;
    private final Keys keys;
    private final Trace trace;

    Security(Keys keys, Trace trace) {
        this.keys = keys;
        this.trace = trace;
    }

    /** Which key protects. */
    enum KeyKind {
        GLOBAL,
        DEDICATED
    }

    /**
     * What was under the protection.
     *
     * @param apdu stands at the plain APDU
     * @param invocation the counter, if its authenticity was checked
     */
    record Plain(Cursor apdu, Optional<Invocation> invocation) {}

    /**
     * @param in the protected part, security control byte first
     * @param headers further additional authenticated data of general-ciphering, each to be tried; one empty one otherwise
     */
    Plain open(Cursor in, byte[] title, KeyKind kind, List<byte[]> headers) throws FrameRejectedException {
        int start = in.at;
        int control = in.u8("security control");
        in.note(start, "security control", () -> describe(control));
        if ((control & COMPRESSED) != 0) {
            throw in.rejected("security control", start, "compressed APDUs are not supported");
        }
        int suite = control & SUITE;
        if (suite > SUITE_256) {
            throw in.rejected("security control", start, "there is no security suite " + suite);
        }
        if ((control & (AUTHENTICATED | ENCRYPTED)) == 0) {
            // Without protection the counter is there all the same.
            in.note(in.at, "invocation counter", in.u32("invocation counter"));
            return new Plain(new Cursor(in.source, in.at, in.end, trace), Optional.empty());
        }
        int counterAt = in.at;
        long counter = in.u32("invocation counter");
        in.note(counterAt, "invocation counter", counter);
        byte[] iv = Gcm.iv(title, counter);
        byte[] key = key(in, start, control, kind, suite);
        int from = in.at;
        byte[] text = in.take(in.remaining(), "cipher text");
        if ((control & AUTHENTICATED) == 0) {
            note(in, from, in.end, "cipher text");
            byte[] plain = Gcm.counterMode(key, iv, text);
            return new Plain(plain(in, from, plain), Optional.empty());
        }
        if (text.length < Gcm.TAG) {
            throw in.rejected("authentication tag", from, "is not there: " + text.length + " bytes follow");
        }
        int tagAt = in.end - Gcm.TAG;
        byte[] authentication = keys.authentication()
                .orElseThrow(() -> in.rejected(
                        "security control", start, "needs the meter's authentication_key, which is not known"));
        Optional<Invocation> invocation =
                Optional.of(new Invocation(HexFormat.of().formatHex(title), counter, in.source.frameOffset(counterAt)));
        boolean encrypted = (control & ENCRYPTED) != 0;
        note(in, from, tagAt, encrypted ? "cipher text" : "authenticated text");
        note(in, tagAt, in.end, "authentication tag");
        for (byte[] header : headers) {
            byte[] additional = Gcm.concat(new byte[] {(byte) control}, authentication, header);
            try {
                if (encrypted) {
                    return new Plain(plain(in, from, Gcm.decrypt(key, iv, additional, text)), invocation);
                }
                byte[] covered = Arrays.copyOf(text, text.length - Gcm.TAG);
                byte[] tag = Arrays.copyOfRange(text, covered.length, text.length);
                Gcm.decrypt(key, iv, Gcm.concat(additional, covered), tag);
                return new Plain(new Cursor(in.source, from, tagAt, trace), invocation);
            } catch (AEADBadTagException wrong) {
                // The next form of the additional data is tried.
            }
        }
        throw in.rejected(
                "authentication tag",
                tagAt,
                "wrong: the message was changed, or encryption key, authentication key or system title are others");
    }

    private byte[] key(Cursor in, int at, int control, KeyKind kind, int suite) throws FrameRejectedException {
        String name;
        Optional<byte[]> found;
        if (kind == KeyKind.DEDICATED) {
            name = "dedicated_key";
            found = keys.dedicated();
        } else {
            name = "encryption_key";
            found = (control & BROADCAST) != 0 ? keys.broadcast() : keys.encryption();
        }
        byte[] key = found.orElseThrow(
                () -> in.rejected("security control", at, "needs the meter's " + name + ", which is not known"));
        int expected = suite == SUITE_256 ? 32 : 16;
        if (key.length != expected) {
            throw in.rejected(
                    "security control",
                    at,
                    "suite " + suite + " needs " + expected + " bytes of " + name + ", it has " + key.length);
        }
        return key;
    }

    private Cursor plain(Cursor in, int from, byte[] plain) {
        return Cursor.of(Source.transformed(trace.uniquePart("decrypted"), plain, in.source, from), trace);
    }

    private void note(Cursor in, int from, int to, String name) {
        if (trace.on()) {
            String bytes = "authentication tag".equals(name)
                    ? HexFormat.of().formatHex(in.source.bytes, from, to)
                    : to - from + " bytes";
            trace.add(in.source, from, to - from, name + ": " + bytes);
        }
    }

    private static String describe(int control) {
        return String.format("%02x, suite %d", control, control & SUITE)
                + ((control & AUTHENTICATED) != 0 ? ", authenticated" : "")
                + ((control & ENCRYPTED) != 0 ? ", encrypted" : "")
                + ((control & BROADCAST) != 0 ? ", broadcast key" : "");
    }
}
