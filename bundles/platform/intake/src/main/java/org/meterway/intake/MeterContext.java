// SPDX-License-Identifier: EPL-2.0
package org.meterway.intake;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.meterway.api.codec.DecodeContext;
import org.meterway.api.codec.Invocation;
import org.meterway.api.meter.Inventory;
import org.meterway.api.meter.Meter;
import org.meterway.api.model.Register;
import org.meterway.api.model.RegisterNames;

/**
 * What a codec may know of one meter, looked up when it asks: most frames need nothing but names. For one decoding on one thread.
 */
class MeterContext implements DecodeContext {
    private final String meter;
    private final RegisterNames names;
    private final @Nullable Inventory inventory;
    private byte @Nullable [] encryptionKey;

    /** @param inventory null while there is none: then there are no keys, and times without offset are UTC */
    MeterContext(String meter, RegisterNames names, @Nullable Inventory inventory) {
        this.meter = meter;
        this.names = names;
        this.inventory = inventory;
    }

    @Override
    public Optional<Register> resolve(String name) {
        return names.resolve(name);
    }

    @Override
    public Optional<byte[]> key(String name) {
        Optional<byte[]> key = inventory == null ? Optional.empty() : inventory.key(meter, name);
        if (key.isPresent()
                && encryptionKey == null
                && name.toLowerCase(Locale.ROOT).contains("encryption")) {
            encryptionKey = key.get();
        }
        return key;
    }

    @Override
    public ZoneId timeZone() {
        return inventory == null
                ? ZoneOffset.UTC
                : inventory.find(meter).map(Meter::timeZone).orElse(ZoneOffset.UTC);
    }

    /**
     * The invocation with its originator told apart by the key it was decrypted with: a meter that is given another key may begin
     * to count anew (IEC 62056-5-3, 5.3.3.6).
     */
    Invocation withKey(Invocation invocation) {
        byte[] key = encryptionKey;
        return key == null
                ? invocation
                : new Invocation(
                        invocation.originator() + "/" + fingerprint(key), invocation.counter(), invocation.offset());
    }

    /** Enough to tell keys apart, far too little to find one. */
    private static String fingerprint(byte[] key) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(key);
            return HexFormat.of().formatHex(Arrays.copyOf(hash, 4));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
