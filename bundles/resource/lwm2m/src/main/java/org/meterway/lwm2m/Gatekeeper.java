// SPDX-License-Identifier: EPL-2.0
package org.meterway.lwm2m;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.eclipse.leshan.core.endpoint.EndpointUri;
import org.eclipse.leshan.core.peer.LwM2mIdentity;
import org.eclipse.leshan.core.peer.LwM2mPeer;
import org.eclipse.leshan.core.peer.OscoreIdentity;
import org.eclipse.leshan.core.peer.PskIdentity;
import org.eclipse.leshan.core.peer.RpkIdentity;
import org.eclipse.leshan.core.peer.X509Identity;
import org.eclipse.leshan.core.request.RegisterRequest;
import org.eclipse.leshan.core.request.UplinkRequest;
import org.eclipse.leshan.server.registration.Registration;
import org.eclipse.leshan.server.security.Authorizer;
import org.eclipse.leshan.servers.security.Authorization;
import org.eclipse.leshan.servers.security.SecurityInfo;
import org.eclipse.leshan.servers.security.SecurityStore;
import org.jspecify.annotations.Nullable;
import org.meterway.api.event.Event.Severity;
import org.meterway.api.meter.Credential;
import org.meterway.api.meter.EnrolmentRefusedException;
import org.meterway.api.meter.Inventory;
import org.meterway.api.meter.Meter;
import org.meterway.api.meter.MeterState;
import org.meterway.api.meter.PskBinding;

/**
 * Says who may register as which meter. An identity proved over DTLS is bound to one endpoint name; a meter that has credentials
 * must use them; nobody registers as a meter that is retired or, unless enrolment is open, unknown. Keeps no state of its own:
 * what it found at registration stays with the registration, so that a changed key is noticed. Thread-safe.
 */
final class Gatekeeper implements Authorizer, SecurityStore {
    static final String REFUSED = "meter.refused";
    /** In a registration's custom data: what the meter's credential was when it registered. */
    private static final String PROOF = "proof";
    /** In a registration's custom data: the meter's id. */
    private static final String METER = "meter";

    private final Inventory inventory;
    private final Alerts alerts;
    private final Counters counters;
    private final Consumer<LwM2mIdentity> onRefusedIdentity;

    /** @param onRefusedIdentity told of proven identities that were refused, to close their connections */
    Gatekeeper(Inventory inventory, Alerts alerts, Counters counters, Consumer<LwM2mIdentity> onRefusedIdentity) {
        this.inventory = inventory;
        this.alerts = alerts;
        this.counters = counters;
        this.onRefusedIdentity = onRefusedIdentity;
    }

    /** The meter of a registration that this gatekeeper approved. */
    static String meterOf(Registration registration) {
        String meter = registration.getCustomRegistrationData().get(METER);
        return meter == null ? registration.getEndpoint() : meter;
    }

    @Override
    public Authorization isAuthorized(
            UplinkRequest<?> request, Registration registration, LwM2mPeer sender, EndpointUri endpointUri) {
        try {
            if (request instanceof RegisterRequest) {
                return register(registration.getEndpoint(), sender.getIdentity());
            }
            requireSameIdentity(registration, sender.getIdentity());
            Optional<String> reason = whyNotAnyMore(registration);
            if (reason.isPresent()) {
                throw new RefusedException(reason.get());
            }
            return Authorization.approved();
        } catch (RefusedException refused) {
            counters.refused.increment();
            report(registration.getEndpoint(), sender, refused.getMessage());
            if (sender.getIdentity().isSecure()) {
                onRefusedIdentity.accept(sender.getIdentity());
            }
            return Authorization.declined();
        }
    }

    private Authorization register(String endpoint, LwM2mIdentity identity) throws RefusedException {
        Optional<Meter> known = inventory.findByEndpoint(endpoint);
        if (known.isPresent() && known.get().state() == MeterState.RETIRED) {
            throw new RefusedException("the meter is retired");
        }
        String proof = prove(endpoint, known, identity);
        Meter meter = known.isPresent() ? known.get() : enrol(endpoint, identity);
        return Authorization.approved(Map.of(METER, meter.id(), PROOF, proof));
    }

    private Meter enrol(String endpoint, LwM2mIdentity identity) throws RefusedException {
        try {
            Meter meter = inventory.enrol(endpoint);
            if (identity instanceof X509Identity certificate) {
                // The authority vouched for the name once; from now on only a certificate will do.
                inventory.put(meter, List.of(new Credential.X509(certificate.getX509CommonName())));
            } else if (!identity.isSecure()) {
                // It came without a key and must be able to come back: no credential, not one derived at enrolment.
                inventory.put(meter, List.of());
            }
            return meter;
        } catch (EnrolmentRefusedException refused) {
            throw new RefusedException("enrolment refused: " + refused.getMessage());
        }
    }

    /** Checks an identity against an endpoint name and returns what it rests on, to be compared later. */
    private String prove(String endpoint, Optional<Meter> meter, LwM2mIdentity identity) throws RefusedException {
        if (identity instanceof PskIdentity psk) {
            PskBinding binding = inventory
                    .findPsk(psk.getPskIdentity())
                    .orElseThrow(() -> new RefusedException(
                            "the key of identity '" + psk.getPskIdentity() + "' is not known any more"));
            if (!binding.endpoint().equals(endpoint)) {
                throw new RefusedException("the key of identity '" + psk.getPskIdentity()
                        + "' belongs to another endpoint, '" + binding.endpoint() + "'");
            }
            return "psk " + digest(binding.credential().key());
        }
        if (meter.isEmpty() && !inventory.enrolmentOpen()) {
            throw new RefusedException("no such meter in the inventory, and enrolment is closed");
        }
        List<Credential> credentials =
                meter.map(found -> inventory.credentials(found.id())).orElse(List.of());
        if (identity instanceof RpkIdentity rpk) {
            byte[] key = rpk.getPublicKey().getEncoded();
            if (credentials.stream()
                    .noneMatch(each ->
                            each instanceof Credential.RawPublicKey known && Arrays.equals(known.publicKey(), key))) {
                throw new RefusedException("its raw public key is not the meter's");
            }
            return "rpk";
        }
        if (identity instanceof X509Identity certificate) {
            String name = certificate.getX509CommonName();
            boolean bound = meter.isEmpty() || credentials.contains(new Credential.X509(name));
            if (!name.equals(endpoint) || !bound) {
                throw new RefusedException("its certificate is for '" + name + "', which is not this meter's");
            }
            return "x509";
        }
        if (identity instanceof OscoreIdentity || identity.isSecure()) {
            throw new RefusedException("this way of proving an identity is not supported");
        }
        if (!credentials.isEmpty()) {
            throw new RefusedException("the meter has credentials and must come over DTLS");
        }
        return "none";
    }

    private static void requireSameIdentity(Registration registration, LwM2mIdentity identity) throws RefusedException {
        LwM2mIdentity registered = registration.getClientTransportData().getIdentity();
        // Without DTLS the address is the identity, and it may change: the registration id is the secret then.
        if ((registered.isSecure() || identity.isSecure()) && !registered.equals(identity)) {
            throw new RefusedException("the registration belongs to another identity");
        }
    }

    /** Why a registered meter is not allowed any more: retired, removed, or its credential changed. */
    Optional<String> whyNotAnyMore(Registration registration) {
        Optional<Meter> meter = inventory.findByEndpoint(registration.getEndpoint());
        if (meter.isEmpty()) {
            return Optional.of("the meter is not in the inventory any more");
        }
        if (meter.get().state() == MeterState.RETIRED) {
            return Optional.of("the meter is retired");
        }
        if (!meter.get().id().equals(meterOf(registration))) {
            return Optional.of("the endpoint name belongs to another meter now");
        }
        try {
            String proof = prove(
                    registration.getEndpoint(),
                    meter,
                    registration.getClientTransportData().getIdentity());
            String then = registration.getCustomRegistrationData().get(PROOF);
            return proof.equals(then) ? Optional.empty() : Optional.of("its credential was changed");
        } catch (RefusedException refused) {
            return Optional.of(refused.getMessage());
        }
    }

    private void report(String endpoint, LwM2mPeer sender, String reason) {
        String text = "refused '" + printable(endpoint) + "' from " + sender + ": " + reason;
        Optional<Meter> meter = inventory.findByEndpoint(endpoint);
        if (meter.isPresent()) {
            alerts.meter(REFUSED, Severity.WARNING, meter.get().id(), text);
        } else {
            alerts.stranger(REFUSED, text);
        }
    }

    /** Text from a peer, made fit for a log line. */
    static String printable(String text) {
        String shown = text.length() > 80 ? text.substring(0, 80) + "…" : text;
        return shown.codePoints()
                .map(each -> Character.isISOControl(each) ? '?' : each)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static String digest(byte[] secret) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(secret);
            return HexFormat.of().formatHex(hash, 0, 6);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Override
    public @Nullable SecurityInfo getByIdentity(String pskIdentity) {
        Optional<PskBinding> binding = inventory.findPsk(pskIdentity);
        if (binding.isEmpty()) {
            counters.refused.increment();
            alerts.stranger(
                    REFUSED, "refused a handshake: no meter has the PSK identity '" + printable(pskIdentity) + "'");
            return null;
        }
        Credential.PreSharedKey psk = binding.get().credential();
        return SecurityInfo.newPreSharedKeyInfo(binding.get().endpoint(), psk.identity(), psk.key());
    }

    /** Only asked for the identity to use when the gateway starts a handshake itself, which it does not. */
    @Override
    public @Nullable SecurityInfo getByEndpoint(String endpoint) {
        return null;
    }

    @Override
    public @Nullable SecurityInfo getByOscoreIdentity(OscoreIdentity identity) {
        return null;
    }

    private static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1L;

        RefusedException(String reason) {
            super(reason, null, false, false);
        }
    }
}
