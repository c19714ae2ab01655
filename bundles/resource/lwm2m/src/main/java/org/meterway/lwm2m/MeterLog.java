// SPDX-License-Identifier: EPL-2.0
package org.meterway.lwm2m;

import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.leshan.core.observation.Observation;
import org.eclipse.leshan.server.registration.Registration;
import org.eclipse.leshan.server.registration.RegistrationListener;
import org.eclipse.leshan.server.registration.RegistrationUpdate;
import org.jspecify.annotations.Nullable;
import org.meterway.api.channel.Connection;
import org.meterway.api.event.Event.Severity;
import org.meterway.api.meter.Inventory;
import org.meterway.api.meter.MeterState;

/** Tells of meters that come and go, puts planned ones into service, and remembers those that went. */
final class MeterLog implements RegistrationListener {
    /** Remembered meters that are gone; more are forgotten at once. */
    private static final int MOST_GONE = 200_000;

    private final Inventory inventory;
    private final Alerts alerts;
    private final Clock clock;
    private final Map<String, Gone> gone = new ConcurrentHashMap<>();

    MeterLog(Inventory inventory, Alerts alerts, Clock clock) {
        this.inventory = inventory;
        this.alerts = alerts;
        this.clock = clock;
    }

    static String address(Registration registration) {
        InetSocketAddress address = registration.getSocketAddress();
        return address.getAddress().getHostAddress() + ":" + address.getPort();
    }

    /** How a meter that is not registered now stood last. */
    Optional<Connection> lastSeen(String meter) {
        return Optional.ofNullable(gone.get(meter))
                .map(last ->
                        new Connection(Inbound.NAME, Connection.State.UNREGISTERED, last.address(), last.lastSeen()));
    }

    /** Runs on the thread that registers, which may wait for the disk. */
    @Override
    public void registered(
            Registration registration,
            @Nullable Registration previous,
            @Nullable Collection<Observation> observations) {
        String meter = Gatekeeper.meterOf(registration);
        gone.remove(meter);
        inventory
                .find(meter)
                .filter(found -> found.state() == MeterState.PLANNED)
                .ifPresent(planned -> inventory.put(
                        planned.toBuilder().state(MeterState.ACTIVE).build()));
        if (previous == null) {
            alerts.meter(
                    "meter.registered",
                    Severity.INFO,
                    meter,
                    "registered from " + address(registration) + " with LwM2M " + registration.getLwM2mVersion()
                            + " over "
                            + registration.getEndpointUri().getScheme()
                            + (registration.usesQueueMode() ? " in queue mode" : ""));
        }
    }

    @Override
    public void updated(RegistrationUpdate update, Registration registration, Registration previous) {
        // Nothing a person wants to know.
    }

    @Override
    public void unregistered(
            Registration registration,
            @Nullable Collection<Observation> observations,
            boolean expired,
            @Nullable Registration next) {
        if (next != null) {
            return;
        }
        String meter = Gatekeeper.meterOf(registration);
        if (gone.size() < MOST_GONE) {
            Instant seen = expired ? registration.getLastUpdate().toInstant() : clock.instant();
            gone.put(meter, new Gone(address(registration), seen));
        }
        if (expired) {
            alerts.meter(
                    "meter.expired",
                    Severity.WARNING,
                    meter,
                    "has not updated its registration within " + registration.getLifeTimeInSec() + " s");
        } else {
            alerts.meter("meter.unregistered", Severity.INFO, meter, "deregistered");
        }
    }

    private record Gone(String address, Instant lastSeen) {}
}
