// SPDX-License-Identifier: EPL-2.0
package org.meterway.lwm2m;

import java.util.Collection;
import java.util.function.Supplier;
import org.eclipse.leshan.core.observation.Observation;
import org.eclipse.leshan.server.queue.PresenceListener;
import org.eclipse.leshan.server.registration.Registration;
import org.eclipse.leshan.server.registration.RegistrationListener;
import org.eclipse.leshan.server.registration.RegistrationUpdate;
import org.jspecify.annotations.Nullable;
import org.meterway.api.channel.Connection.State;
import org.meterway.api.channel.ConnectionListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells whoever wants to know at once that a meter came, went, woke or fell asleep. Thread-safe. */
final class Tidings implements RegistrationListener, PresenceListener {
    private static final Logger LOG = LoggerFactory.getLogger(Tidings.class);

    private final Supplier<Collection<ConnectionListener>> listeners;

    Tidings(Supplier<Collection<ConnectionListener>> listeners) {
        this.listeners = listeners;
    }

    @Override
    public void registered(
            Registration registration,
            @Nullable Registration previous,
            @Nullable Collection<Observation> observations) {
        tell(registration, State.REGISTERED);
    }

    @Override
    public void updated(RegistrationUpdate update, Registration registration, Registration previous) {
        tell(registration, State.REGISTERED);
    }

    @Override
    public void unregistered(
            Registration registration,
            @Nullable Collection<Observation> observations,
            boolean expired,
            @Nullable Registration next) {
        if (next == null) {
            tell(registration, State.UNREGISTERED);
        }
    }

    @Override
    public void onAwake(Registration registration) {
        tell(registration, State.REGISTERED);
    }

    @Override
    public void onSleeping(Registration registration) {
        tell(registration, State.ASLEEP);
    }

    private void tell(Registration registration, State state) {
        String meter = Gatekeeper.meterOf(registration);
        for (ConnectionListener listener : listeners.get()) {
            try {
                listener.changed(meter, state);
            } catch (RuntimeException broken) {
                LOG.warn("{} cannot take that {} is {}", listener.getClass().getName(), meter, state, broken);
            }
        }
    }
}
