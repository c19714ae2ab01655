// SPDX-License-Identifier: EPL-2.0
package org.meterway.inventory;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.meterway.api.store.DocumentStore;

/**
 * Seals credentials at rest: AES-256-GCM (NIST SP 800-38D) with a random 96-bit nonce in front and the meter's id as associated
 * data, so that a sealed credential opens only for the meter it was made for. Thread-safe.
 */
final class CredentialSafe {
    private static final String COLLECTION = "inventory";
    private static final String CHECK = "key-check";
    private static final byte[] KNOWN = "meterway master key".getBytes(StandardCharsets.US_ASCII);
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    private final SecretKeySpec key;
    private final SecureRandom random = new SecureRandom();
    private final ThreadLocal<Cipher> ciphers = ThreadLocal.withInitial(CredentialSafe::cipher);

    CredentialSafe(byte[] key) {
        this.key = new SecretKeySpec(key, "AES");
    }

    /**
     * Opens the safe of a store with the key in a file, making both at the very first start.
     *
     * @throws IllegalStateException naming the file if its key is not the one the store's credentials are sealed with
     */
    static CredentialSafe open(DocumentStore store, Path keyFile) {
        Optional<byte[]> check = store.get(COLLECTION, CHECK);
        if (check.isPresent()) {
            if (!Files.exists(keyFile)) {
                throw new IllegalStateException("the master key file " + keyFile
                        + " is missing, but the store holds credentials sealed with it: restore the file");
            }
            CredentialSafe safe = new CredentialSafe(MasterKey.read(keyFile));
            try {
                safe.unseal(CHECK, check.get());
                return safe;
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(
                        "the master key file " + keyFile
                                + " does not hold the key the store's credentials are sealed with",
                        e);
            }
        }
        CredentialSafe safe =
                new CredentialSafe(Files.exists(keyFile) ? MasterKey.read(keyFile) : MasterKey.create(keyFile));
        store.write(List.of(DocumentStore.Change.put(COLLECTION, CHECK, safe.seal(CHECK, KNOWN))));
        return safe;
    }

    /** Nonce, ciphertext and tag. */
    byte[] seal(String owner, byte[] plain) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        try {
            byte[] sealed = run(Cipher.ENCRYPT_MODE, owner, nonce, plain, 0, plain.length);
            return ByteBuffer.allocate(NONCE_BYTES + sealed.length)
                    .put(nonce)
                    .put(sealed)
                    .array();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-256-GCM does not work in this Java runtime", e);
        }
    }

    /** @throws GeneralSecurityException if this was not sealed with this key for this owner, or was changed since */
    byte[] unseal(String owner, byte[] sealed) throws GeneralSecurityException {
        if (sealed.length < NONCE_BYTES + TAG_BITS / 8) {
            throw new GeneralSecurityException("only " + sealed.length + " bytes");
        }
        byte[] nonce = new byte[NONCE_BYTES];
        System.arraycopy(sealed, 0, nonce, 0, NONCE_BYTES);
        return run(Cipher.DECRYPT_MODE, owner, nonce, sealed, NONCE_BYTES, sealed.length - NONCE_BYTES);
    }

    private byte[] run(int mode, String owner, byte[] nonce, byte[] data, int offset, int length)
            throws GeneralSecurityException {
        Cipher cipher = ciphers.get();
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(owner.getBytes(StandardCharsets.UTF_8));
        return cipher.doFinal(data, offset, length);
    }

    private static Cipher cipher() {
        try {
            return Cipher.getInstance("AES/GCM/NoPadding");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-256-GCM is missing in this Java runtime", e);
        }
    }
}
