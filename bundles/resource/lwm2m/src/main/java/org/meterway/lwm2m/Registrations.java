// SPDX-License-Identifier: EPL-2.0
package org.meterway.lwm2m;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import org.eclipse.leshan.core.peer.IpPeer;
import org.eclipse.leshan.core.peer.LwM2mPeer;
import org.eclipse.leshan.server.registration.InMemoryRegistrationStore;
import org.eclipse.leshan.server.registration.Registration;
import org.eclipse.leshan.server.registration.RegistrationStore;
import org.eclipse.leshan.server.registration.RegistrationUpdate;
import org.eclipse.leshan.server.registration.UpdatedRegistration;
import org.meterway.api.meter.Inventory;

/** The meters registered now. Looks meters up through the inventory, so that nothing more is kept per meter. Thread-safe. */
final class Registrations {
    private static final long EXPIRY_CHECK_SECONDS = 2;

    private final Inventory inventory;
    private final Gatekeeper gatekeeper;
    private final RegistrationStore store;
    private final Consumer<Registration> onDisallowed;

    /** @param onDisallowed told of registrations that are not allowed any more */
    Registrations(Inventory inventory, Gatekeeper gatekeeper, Consumer<Registration> onDisallowed) {
        this.onDisallowed = onDisallowed;
        this.inventory = inventory;
        this.gatekeeper = gatekeeper;
        ScheduledExecutorService expiry = Executors.newSingleThreadScheduledExecutor(Threads.named("lwm2m-expiry"));
        this.store = new InMemoryRegistrationStore(expiry, EXPIRY_CHECK_SECONDS);
    }

    RegistrationStore store() {
        return store;
    }

    /** The registration of whoever sent a message. */
    Optional<Registration> ofSender(LwM2mPeer sender) {
        return Optional.ofNullable(store.getRegistrationByIdentity(sender.getIdentity()));
    }

    /** The registration of a meter. */
    Optional<Registration> ofMeter(String meter) {
        return inventory
                .find(meter)
                .map(found -> store.getRegistrationByEndpoint(found.endpoint()))
                .filter(registration -> Gatekeeper.meterOf(registration).equals(meter));
    }

    /**
     * Notes that a registered meter was heard of: its registration lives on and follows its address.
     *
     * @return whether it is still registered and allowed to be
     */
    boolean refresh(Registration registration, IpPeer sender) {
        if (gatekeeper.whyNotAnyMore(registration).isPresent()) {
            onDisallowed.accept(registration);
            return false;
        }
        UpdatedRegistration updated = store.updateRegistration(new RegistrationUpdate(
                registration.getId(), sender, null, null, null, null, null, null, null, null, null, null));
        return updated != null;
    }

    List<Registration> all() {
        List<Registration> all = new ArrayList<>();
        for (Iterator<Registration> each = store.getAllRegistrations(); each.hasNext(); ) {
            all.add(each.next());
        }
        return all;
    }
}
