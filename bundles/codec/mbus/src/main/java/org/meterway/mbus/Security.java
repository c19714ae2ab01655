// SPDX-License-Identifier: EPL-2.0
package org.meterway.mbus;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.meterway.api.codec.DecodeContext;
import org.meterway.api.codec.Field;
import org.meterway.api.codec.FrameRejectedException;

/**
 * The configuration field of a header (EN 13757-7, formerly EN 13757-3, 5.12): how the records are encrypted. Meters from before
 * it have a signature there, which nobody checks; modes that were never given out are taken for one.
 *
 * @param offset of the field
 * @param word its value
 */
record Security(int offset, int word) {
    private static final int BLOCK = 16;
    private static final int IDLE = 0x2f;
    private static final String KEY = "encryption_key";

    static Security read(byte[] bytes, int at, boolean highByteFirst) {
        return new Security(at, Header.word(bytes, at, highByteFirst));
    }

    private int mode() {
        return word >> 8 & 0x1f;
    }

    /** Blocks of 16 bytes that are encrypted, in mode 5. */
    private int blocks() {
        return word >> 4 & 0x0f;
    }

    private boolean encrypted() {
        return switch (mode()) {
            case 5 -> blocks() > 0;
            case 2, 3, 4, 7, 8, 9, 10, 13 -> true;
            default -> false;
        };
    }

    String text() {
        String hex = Hex.of(word >> 8) + Hex.of(word);
        return hex + (encrypted() ? " encryption mode " + mode() : " not encrypted");
    }

    /** A telegram with short header is only decrypted with the address that stands nowhere in it. */
    void refuseWithoutAddress() throws FrameRejectedException {
        if (encrypted()) {
            throw new FrameRejectedException(
                    "configuration",
                    offset,
                    "encryption mode " + mode() + " needs the meter's address, which a short header does not have");
        }
    }

    /**
     * The telegram with its records in the clear.
     *
     * @param header where the long header begins
     * @param end after the last byte of the records
     * @return the same array when nothing is encrypted
     */
    byte[] decrypt(byte[] bytes, int header, int end, DecodeContext context) throws FrameRejectedException {
        if (!encrypted()) {
            return bytes;
        }
        if (mode() != 5) {
            throw new FrameRejectedException(
                    "configuration", offset, "encryption mode " + mode() + " is not supported, mode 5 is");
        }
        int from = header + 12;
        int length = blocks() * BLOCK;
        if (length > end - from) {
            throw new FrameRejectedException(
                    "configuration",
                    offset,
                    blocks() + " encrypted blocks announced, so " + length + " bytes, " + (end - from) + " are there");
        }
        if (context.traced()) {
            context.field(Field.of(from, length, "encrypted data: " + blocks() + " blocks of AES-128-CBC"));
        }
        Optional<byte[]> key = context.key(KEY);
        if (key.isEmpty()) {
            throw new FrameRejectedException(
                    "encrypted data", from, "mode 5 needs the key " + KEY + ", which is missing");
        }
        if (key.get().length != BLOCK) {
            throw new FrameRejectedException(
                    "encrypted data", from, "the key " + KEY + " must have 16 bytes, has " + key.get().length);
        }
        byte[] plain = bytes.clone();
        try {
            Cipher cipher = Cipher.getInstance("AES/CBC/NoPadding");
            cipher.init(
                    Cipher.DECRYPT_MODE,
                    new SecretKeySpec(key.get(), "AES"),
                    new IvParameterSpec(initialVector(bytes, header)));
            cipher.doFinal(bytes, from, length, plain, from);
        } catch (GeneralSecurityException impossible) {
            throw new FrameRejectedException("encrypted data", from, "cannot be decrypted: " + impossible.getMessage());
        }
        if (plain[from] != IDLE || plain[from + 1] != IDLE) {
            throw new FrameRejectedException(
                    "encrypted data",
                    from,
                    "expected 2F 2F after decryption, was " + Hex.of(plain, from, from + 2) + ": wrong " + KEY);
        }
        return plain;
    }

    /** Manufacturer, identification, version and device type as sent, then the access number eight times. */
    private static byte[] initialVector(byte[] bytes, int header) {
        byte[] vector = new byte[BLOCK];
        System.arraycopy(bytes, header + 4, vector, 0, 2);
        System.arraycopy(bytes, header, vector, 2, 4);
        vector[6] = bytes[header + 6];
        vector[7] = bytes[header + 7];
        Arrays.fill(vector, 8, BLOCK, bytes[header + 8]);
        return vector;
    }
}
