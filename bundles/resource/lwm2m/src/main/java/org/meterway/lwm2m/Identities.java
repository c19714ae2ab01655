// SPDX-License-Identifier: EPL-2.0
package org.meterway.lwm2m;

import java.security.Principal;
import java.util.Optional;
import javax.security.auth.x500.X500Principal;
import org.eclipse.californium.elements.auth.PreSharedKeyIdentity;
import org.eclipse.californium.elements.auth.RawPublicKeyIdentity;
import org.eclipse.californium.elements.auth.X509CertPath;
import org.eclipse.leshan.core.peer.LwM2mIdentity;
import org.eclipse.leshan.core.peer.PskIdentity;
import org.eclipse.leshan.core.peer.RpkIdentity;
import org.eclipse.leshan.core.peer.X509Identity;
import org.eclipse.leshan.core.security.certificate.util.X509CertUtil;

/** Turns what a DTLS connection knows about its peer into what a registration knows. */
final class Identities {
    private Identities() {}

    static Optional<LwM2mIdentity> of(Principal principal) {
        if (principal instanceof PreSharedKeyIdentity psk) {
            return Optional.of(new PskIdentity(psk.getIdentity()));
        }
        if (principal instanceof RawPublicKeyIdentity rpk) {
            return Optional.of(new RpkIdentity(rpk.getKey()));
        }
        if (principal instanceof X500Principal || principal instanceof X509CertPath) {
            return Optional.of(new X509Identity(X509CertUtil.extractCN(principal.getName())));
        }
        return Optional.empty();
    }
}
