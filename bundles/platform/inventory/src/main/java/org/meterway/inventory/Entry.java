// SPDX-License-Identifier: EPL-2.0
package org.meterway.inventory;

import java.util.List;
import java.util.Optional;
import org.meterway.api.meter.Credential;
import org.meterway.api.meter.Meter;

/** A meter with its credentials and its application keys. */
record Entry(Meter meter, List<Credential> credentials, Keys keys) {
    Entry {
        credentials = List.copyOf(credentials);
    }

    Optional<Credential.PreSharedKey> psk() {
        return credentials.stream()
                .filter(Credential.PreSharedKey.class::isInstance)
                .map(Credential.PreSharedKey.class::cast)
                .findFirst();
    }
}
