// SPDX-License-Identifier: EPL-2.0
package org.meterway.dlms;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** AES-GCM as DLMS uses it (IEC 62056-5-3, 5.3.3.7): IV of system title and counter, tag of twelve bytes. */
final class Gcm {
    static final int TAG = 12;
    static final int TITLE = 8;

    private Gcm() {}

    /** The initialisation vector of a title and an unsigned counter. */
    static byte[] iv(byte[] title, long counter) {
        byte[] iv = Arrays.copyOf(title, TITLE + 4);
        for (int i = 0; i < 4; i++) {
            iv[TITLE + i] = (byte) (counter >> 24 - 8 * i);
        }
        return iv;
    }

    static byte[] concat(byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        byte[] joined = new byte[length];
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, joined, at, part.length);
            at += part.length;
        }
        return joined;
    }

    /** Encrypts; the tag follows the cipher text. */
    static byte[] encrypt(byte[] key, byte[] iv, byte[] additional, byte[] plain) {
        try {
            Cipher cipher = cipher(Cipher.ENCRYPT_MODE, key, iv);
            cipher.updateAAD(additional);
            return cipher.doFinal(plain);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("AES-GCM of the Java runtime failed", impossible);
        }
    }

    /**
     * Decrypts cipher text with tag.
     *
     * @throws AEADBadTagException if the tag is wrong
     */
    static byte[] decrypt(byte[] key, byte[] iv, byte[] additional, byte[] cipherAndTag) throws AEADBadTagException {
        try {
            Cipher cipher = cipher(Cipher.DECRYPT_MODE, key, iv);
            cipher.updateAAD(additional);
            return cipher.doFinal(cipherAndTag);
        } catch (AEADBadTagException wrong) {
            throw wrong;
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("AES-GCM of the Java runtime failed", impossible);
        }
    }

    /** Encrypts or decrypts without authentication: GCM's counter mode, whose first block has the number 2. */
    static byte[] counterMode(byte[] key, byte[] iv, byte[] text) {
        try {
            byte[] block = Arrays.copyOf(iv, 16);
            block[15] = 2;
            Cipher cipher = Cipher.getInstance("AES/CTR/NoPadding");
            cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new IvParameterSpec(block));
            return cipher.doFinal(text);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("AES-CTR of the Java runtime failed", impossible);
        }
    }

    private static Cipher cipher(int mode, byte[] key, byte[] iv) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(8 * TAG, iv));
        return cipher;
    }
}
