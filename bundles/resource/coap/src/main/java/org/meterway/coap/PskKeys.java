// SPDX-License-Identifier: EPL-2.0
package org.meterway.coap;

import java.net.InetSocketAddress;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.Principal;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import javax.crypto.SecretKey;
import org.eclipse.californium.elements.auth.AdditionalInfo;
import org.eclipse.californium.scandium.auth.ApplicationLevelInfoSupplier;
import org.eclipse.californium.scandium.dtls.ConnectionId;
import org.eclipse.californium.scandium.dtls.HandshakeResultHandler;
import org.eclipse.californium.scandium.dtls.PskPublicInformation;
import org.eclipse.californium.scandium.dtls.PskSecretResult;
import org.eclipse.californium.scandium.dtls.pskstore.PskStore;
import org.eclipse.californium.scandium.util.SecretUtil;
import org.eclipse.californium.scandium.util.ServerNames;
import org.jspecify.annotations.Nullable;
import org.meterway.api.meter.Credential;
import org.meterway.api.meter.Inventory;
import org.meterway.api.meter.PskBinding;

/**
 * The inventory's pre-shared keys for DTLS. A connection remembers a digest of the key it was made with, so that it is worth
 * nothing any more once the key is changed.
 */
final class PskKeys implements PskStore, ApplicationLevelInfoSupplier {
    private static final String DIGEST = "keyDigest";

    private final Inventory inventory;
    private final Complaints complaints;

    PskKeys(Inventory inventory, Complaints complaints) {
        this.inventory = inventory;
        this.complaints = complaints;
    }

    @Override
    public boolean hasEcdhePskSupported() {
        return true;
    }

    @Override
    public PskSecretResult requestPskSecretResult(
            ConnectionId connection,
            ServerNames serverNames,
            PskPublicInformation identity,
            String hmacAlgorithm,
            SecretKey otherSecret,
            byte[] seed,
            boolean extendedMasterSecret) {
        String name = identity.getPublicInfoAsString();
        Optional<PskBinding> binding = identity.isCompliantEncoding() ? inventory.findPsk(name) : Optional.empty();
        if (binding.isEmpty()) {
            complaints.say("handshake", "'" + Complaints.printable(name) + "'", "no meter has this PSK identity");
            return new PskSecretResult(connection, identity);
        }
        byte[] key = binding.get().credential().key();
        SecretKey secret = SecretUtil.create(key, PskSecretResult.ALGORITHM_PSK);
        return new PskSecretResult(connection, identity, secret, digest(key), false, true);
    }

    @Override
    public @Nullable PskPublicInformation getIdentity(InetSocketAddress peer, ServerNames virtualHost) {
        return null;
    }

    @Override
    public void setResultHandler(HandshakeResultHandler handler) {
        // Answers come at once: the inventory is in memory.
    }

    @Override
    public AdditionalInfo getInfo(Principal principal, @Nullable Object keyDigest) {
        return keyDigest == null ? AdditionalInfo.empty() : AdditionalInfo.from(Map.of(DIGEST, keyDigest));
    }

    /** Whether a connection that carries this information was made with this key. */
    static boolean madeWith(AdditionalInfo info, Credential.PreSharedKey key) {
        return digest(key.key()).equals(info.get(DIGEST, String.class));
    }

    private static String digest(byte[] key) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(key));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }
}
