// SPDX-License-Identifier: EPL-2.0
package org.meterway.iec62056;

import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.meterway.api.codec.DecodeContext;
import org.meterway.api.codec.Field;
import org.meterway.api.codec.FrameRejectedException;
import org.meterway.api.codec.Invocation;

/**
 * P1 telegrams as the general-glo-ciphering of DLMS carries them (Luxembourg "Smarty" P1 1.1.3, 3.2; IEC 62056-5-3, 5.3.2.4): {@code
 * DB 08 <system title> 82 <length> <security control> <invocation counter> <cipher text> <tag>}, AES-128-GCM with a tag of 12 bytes.
 */
final class EncryptedTelegrams {
    private static final int GENERAL_GLO_CIPHERING = 0xdb;
    private static final int TITLE = 8;
    private static final int TAG = 12;
    private static final int ENCRYPTED = 0x20;
    private static final int AUTHENTICATED = 0x10;
    /** The authentication key that the Luxembourg specification gives all meters. */
    private static final byte[] USUAL_AUTHENTICATION_KEY = HexFormat.of().parseHex("00112233445566778899aabbccddeeff");

    private final byte[] bytes;
    private final DecodeContext context;
    private final ReadingSink sink;
    private final String target;

    EncryptedTelegrams(byte[] bytes, String target, DecodeContext context, ReadingSink sink) {
        this.bytes = bytes;
        this.target = target;
        this.context = context;
        this.sink = sink;
    }

    /** Where a ciphered telegram starts, −1 if none does: bytes that no telegram in plain text has. */
    static int start(byte[] bytes, int from) {
        for (int i = from; i + 1 + TITLE < bytes.length; i++) {
            if ((bytes[i] & 255) == GENERAL_GLO_CIPHERING && bytes[i + 1] == TITLE) {
                return i;
            }
        }
        return -1;
    }

    /** The whole length of the telegram at an offset as its header says, −1 if the header is not there or wrong. */
    static int length(byte[] bytes, int start) {
        int at = start + 2 + TITLE;
        if (at + 3 >= bytes.length) {
            return -1;
        }
        int form = bytes[at] & 255;
        int length = form == 0x82
                ? (bytes[at + 1] & 255) << 8 | bytes[at + 2] & 255
                : form == 0x81 ? bytes[at + 1] & 255 : form;
        int octets = form == 0x82 ? 3 : form == 0x81 ? 2 : 1;
        return form > 0x82 ? -1 : 2 + TITLE + octets + length;
    }

    /** Reads one telegram after the other; what stands before the first is passed over. */
    void read(int first) throws FrameRejectedException {
        noise(0, first);
        int at = first;
        int good = 0;
        while (at < bytes.length) {
            int start = start(bytes, at);
            if (start != at && good > 0) {
                noise(at, bytes.length);
                return;
            }
            int end = telegram(at, good > 0);
            if (end < 0) {
                noise(at, bytes.length);
                return;
            }
            at = end;
            good++;
        }
    }

    private void noise(int from, int to) {
        field(from, to - from, "noise");
    }

    private void field(int offset, int length, String meaning) {
        if (context.traced() && length > 0) {
            context.field(Field.of(offset, length, meaning));
        }
    }

    /** One telegram; where it ends, −1 if it is cut off and may be. */
    private int telegram(int start, boolean mayBeCut) throws FrameRejectedException {
        int at = start + 2 + TITLE;
        int form = at < bytes.length ? bytes[at] & 255 : -1;
        int octets = form < 0x80 ? 0 : form - 0x80;
        if (form < 0 || octets > 3 || at + octets >= bytes.length) {
            throw new FrameRejectedException(
                    "length", Math.min(at, bytes.length), "expected a length of at most 3 bytes, was " + form);
        }
        int length = octets == 0 ? form : 0;
        for (int i = 1; i <= octets; i++) {
            length = length << 8 | (bytes[at + i] & 255);
        }
        int body = at + 1 + octets;
        if (length > bytes.length - body) {
            if (mayBeCut) {
                return -1;
            }
            throw new FrameRejectedException(
                    "length", at, "is " + length + ", only " + (bytes.length - body) + " bytes follow");
        }
        int control = length > 0 ? bytes[body] & 255 : 0;
        boolean authenticated = (control & AUTHENTICATED) != 0;
        boolean encrypted = (control & ENCRYPTED) != 0;
        if (!authenticated && !encrypted) {
            throw new FrameRejectedException(
                    "security control",
                    body,
                    String.format("expected authentication or encryption (10, 20 or 30), was %02X", control));
        }
        int cipher = body + 5;
        int end = body + length - (authenticated ? TAG : 0);
        if (end <= cipher) {
            throw new FrameRejectedException("length", at, "is " + length + ", too short for counter, text and tag");
        }
        long counter = 0;
        for (int i = body + 1; i < cipher; i++) {
            counter = counter << 8 | (bytes[i] & 255);
        }
        String title = HexFormat.of().withUpperCase().formatHex(bytes, start + 2, start + 2 + TITLE);
        field(start, 1, "general-glo-ciphering");
        field(start + 1, 1, "length of system title: 8");
        field(start + 2, TITLE, "system title: " + title);
        field(at, 1 + octets, "length: " + length);
        field(body, 1, String.format("security control: %02X", control));
        field(body + 1, 4, "invocation counter: " + counter);
        field(cipher, end - cipher, encrypted ? "cipher text" : "text");
        field(end, body + length - end, "authentication tag");
        byte[] plain = plain(start, body, end, authenticated, encrypted);
        Text text = Text.derived(plain, "decrypted", cipher, context);
        if (!authenticated && !text.identificationAt(0)) {
            throw new FrameRejectedException(
                    "cipher text", cipher, "decrypts to no telegram: wrong encryption_key, or not a P1 telegram");
        }
        new Messages(text, target, sink).read();
        if (authenticated) {
            sink.invocation(new Invocation(title, counter, body + 1));
        }
        return body + length;
    }

    private byte[] plain(int start, int body, int end, boolean authenticated, boolean encrypted)
            throws FrameRejectedException {
        byte[] key = key("encryption_key", null, start);
        byte[] initial = new byte[TITLE + 4];
        System.arraycopy(bytes, start + 2, initial, 0, TITLE);
        System.arraycopy(bytes, body + 1, initial, TITLE, 4);
        int cipher = body + 5;
        try {
            if (!authenticated) {
                // GCM without a tag is counter mode whose second block starts the text (NIST SP 800-38D, 7.2).
                byte[] block = java.util.Arrays.copyOf(initial, 16);
                block[15] = 2;
                Cipher aes = Cipher.getInstance("AES/CTR/NoPadding");
                aes.init(Cipher.DECRYPT_MODE, new SecretKeySpec(key, "AES"), new IvParameterSpec(block));
                return aes.doFinal(bytes, cipher, end - cipher);
            }
            byte[] authentication = key("authentication_key", USUAL_AUTHENTICATION_KEY, start);
            Cipher aes = Cipher.getInstance("AES/GCM/NoPadding");
            aes.init(Cipher.DECRYPT_MODE, new SecretKeySpec(key, "AES"), new GCMParameterSpec(8 * TAG, initial));
            aes.updateAAD(bytes, body, 1);
            aes.updateAAD(authentication);
            if (encrypted) {
                return aes.doFinal(bytes, cipher, end - cipher + TAG);
            }
            aes.updateAAD(bytes, cipher, end - cipher);
            aes.doFinal(bytes, end, TAG);
            return java.util.Arrays.copyOfRange(bytes, cipher, end);
        } catch (AEADBadTagException changed) {
            throw new FrameRejectedException(
                    "authentication tag",
                    end,
                    "does not fit: wrong encryption_key or authentication_key, or changed bytes");
        } catch (GeneralSecurityException e) {
            throw new FrameRejectedException("cipher text", cipher, "cannot be decrypted: " + e.getMessage());
        }
    }

    private byte[] key(String name, byte @org.jspecify.annotations.Nullable [] usual, int offset)
            throws FrameRejectedException {
        byte[] key = context.key(name).orElse(usual);
        if (key == null) {
            throw new FrameRejectedException(
                    "cipher text", offset, "the telegram is encrypted, the meter has no " + name);
        }
        if (key.length != 16 && key.length != 32) {
            throw new FrameRejectedException("cipher text", offset, name + " must have 16 bytes, has " + key.length);
        }
        return key;
    }
}
