// SPDX-License-Identifier: EPL-2.0
package org.meterway.coap;

import java.security.Principal;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.elements.auth.PreSharedKeyIdentity;
import org.eclipse.californium.elements.auth.RawPublicKeyIdentity;
import org.eclipse.californium.elements.auth.X509CertPath;
import org.jspecify.annotations.Nullable;
import org.meterway.api.meter.Credential;
import org.meterway.api.meter.EnrolmentRefusedException;
import org.meterway.api.meter.Inventory;
import org.meterway.api.meter.Meter;
import org.meterway.api.meter.MeterState;
import org.meterway.api.meter.PskBinding;

/**
 * Says who may post as which meter. An identity proved over DTLS is bound to one meter; a meter that has credentials may not come
 * without DTLS. Asked for every request, so that a change in the inventory counts at once. Thread-safe.
 */
final class Gatekeeper {
    private static final int LONGEST_ID = 64;

    private final Inventory inventory;

    Gatekeeper(Inventory inventory) {
        this.inventory = inventory;
    }

    /**
     * The meter, if this identity may post as it; empty if it is to be enrolled first.
     *
     * @param principal what DTLS proved; null without DTLS
     */
    Optional<Meter> admit(String id, @Nullable Principal principal) throws RefusedException {
        Optional<Meter> meter = inventory.find(id);
        if (meter.isEmpty() && !inventory.enrolmentOpen()) {
            throw new RefusedException(
                    ResponseCode.NOT_FOUND, "no meter '" + shown(id) + "' in the inventory, and enrolment is closed");
        }
        if (meter.isPresent() && meter.get().state() == MeterState.RETIRED) {
            throw forbidden("the meter is retired");
        }
        String endpoint = meter.map(Meter::endpoint).orElse(id);
        if (principal instanceof PreSharedKeyIdentity psk) {
            provePsk(endpoint, psk);
        } else {
            prove(endpoint, meter, principal);
        }
        return meter;
    }

    private void provePsk(String endpoint, PreSharedKeyIdentity identity) throws RefusedException {
        PskBinding binding = inventory
                .findPsk(identity.getIdentity())
                .orElseThrow(() -> forbidden("the key of this identity is not known any more"));
        if (!binding.endpoint().equals(endpoint)) {
            throw forbidden("the key belongs to another meter");
        }
        if (!PskKeys.madeWith(identity.getExtendedInfo(), binding.credential())) {
            throw forbidden("the key was changed: connect again");
        }
    }

    private void prove(String endpoint, Optional<Meter> meter, @Nullable Principal principal) throws RefusedException {
        List<Credential> credentials =
                meter.map(found -> inventory.credentials(found.id())).orElse(List.of());
        if (principal instanceof RawPublicKeyIdentity rpk) {
            byte[] key = rpk.getKey().getEncoded();
            boolean own = credentials.stream()
                    .anyMatch(each ->
                            each instanceof Credential.RawPublicKey known && Arrays.equals(known.publicKey(), key));
            if (!own) {
                throw forbidden("the raw public key is not this meter's");
            }
        } else if (principal instanceof X509CertPath certificate) {
            String name = String.valueOf(certificate.getCN());
            boolean own = meter.isEmpty() || credentials.contains(new Credential.X509(name));
            if (!own || !name.equals(endpoint)) {
                throw forbidden("the certificate is not this meter's");
            }
        } else if (principal != null) {
            throw forbidden("this way of proving an identity is not supported");
        } else if (!credentials.isEmpty()) {
            throw forbidden("the meter has credentials and must come over DTLS");
        }
    }

    /** Enrols a meter that {@link #admit} left to be enrolled. May wait for the disk. */
    Meter enrol(String id, @Nullable Principal principal) throws RefusedException {
        try {
            Meter meter = inventory.enrol(id);
            if (principal instanceof X509CertPath certificate) {
                // The authority vouched for the name once; from now on only a certificate will do.
                inventory.put(meter, List.of(new Credential.X509(certificate.getCN())));
            }
            return meter;
        } catch (EnrolmentRefusedException refused) {
            throw forbidden("enrolment refused: " + refused.getMessage());
        }
    }

    /** The meter has been heard: planned becomes active. May wait for the disk. */
    void heard(String id) {
        inventory
                .find(id)
                .filter(meter -> meter.state() == MeterState.PLANNED)
                .ifPresent(meter ->
                        inventory.put(meter.toBuilder().state(MeterState.ACTIVE).build()));
    }

    private static RefusedException forbidden(String reason) {
        return new RefusedException(ResponseCode.FORBIDDEN, reason);
    }

    private static String shown(String id) {
        return Complaints.printable(id.length() > LONGEST_ID ? id.substring(0, LONGEST_ID) + "…" : id);
    }
}
