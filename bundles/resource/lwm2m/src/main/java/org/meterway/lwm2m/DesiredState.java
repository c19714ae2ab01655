// SPDX-License-Identifier: EPL-2.0
package org.meterway.lwm2m;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.leshan.core.node.LwM2mPath;
import org.eclipse.leshan.core.observation.Observation;
import org.eclipse.leshan.core.observation.SingleObservation;
import org.eclipse.leshan.core.request.CancelObservationRequest;
import org.eclipse.leshan.core.request.DownlinkDeviceManagementRequest;
import org.eclipse.leshan.core.request.ObserveRequest;
import org.eclipse.leshan.core.request.WriteAttributesRequest;
import org.eclipse.leshan.core.request.exception.InvalidResponseException;
import org.eclipse.leshan.core.response.LwM2mResponse;
import org.eclipse.leshan.server.registration.Registration;
import org.eclipse.leshan.server.registration.RegistrationListener;
import org.eclipse.leshan.server.registration.RegistrationUpdate;
import org.jspecify.annotations.Nullable;
import org.meterway.api.model.DeviceModel;
import org.meterway.api.model.DeviceModels;

/**
 * Keeps what is observed at meters as their device models want it: at every registration, when a meter says that its objects
 * changed, and again at the next update if a meter did not answer. Observations a person asked for are left alone.
 */
final class DesiredState implements RegistrationListener {
    /** In the context of observations made here. */
    private static final String DESIRED = "desired";

    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final Registrations registrations;
    private final DeviceModels models;
    private final CommandQueue queue;
    private final Notifications notifications;
    private final DeviceFacts facts;
    private final Alerts alerts;
    /** Registrations whose meters did not answer in the middle. */
    private final Set<String> incomplete = ConcurrentHashMap.newKeySet();

    DesiredState(
            Registrations registrations,
            DeviceModels models,
            CommandQueue queue,
            Notifications notifications,
            DeviceFacts facts,
            Alerts alerts) {
        this.registrations = registrations;
        this.models = models;
        this.queue = queue;
        this.notifications = notifications;
        this.facts = facts;
        this.alerts = alerts;
    }

    @Override
    public void registered(
            Registration registration,
            @Nullable Registration previous,
            @Nullable Collection<Observation> observations) {
        reconcile(registration);
    }

    @Override
    public void updated(RegistrationUpdate update, Registration registration, Registration previous) {
        if (update.getObjectLinks() != null || incomplete.contains(registration.getId())) {
            reconcile(registration);
        }
    }

    @Override
    public void unregistered(
            Registration registration,
            @Nullable Collection<Observation> observations,
            boolean expired,
            @Nullable Registration next) {
        incomplete.remove(registration.getId());
    }

    private void reconcile(Registration registration) {
        incomplete.remove(registration.getId());
        String meter = Gatekeeper.meterOf(registration);
        facts.learn(meter, registration)
                .thenCompose(done -> inTurn(registration, steps(meter, registration), 0))
                .whenComplete((done, failure) -> {
                    if (failure != null) {
                        incomplete(registration, Inbound.cause(failure));
                    }
                });
    }

    private void incomplete(Registration registration, Throwable cause) {
        boolean current = registrations
                .ofMeter(Gatekeeper.meterOf(registration))
                .filter(now -> now.getId().equals(registration.getId()))
                .isPresent();
        if (current) {
            incomplete.add(registration.getId());
            alerts.log(
                    "reconcile",
                    Gatekeeper.meterOf(registration)
                            + ": what is observed could not be set up, it is tried again at the" + " next update: "
                            + cause.getMessage());
        }
    }

    /** One request and what to do with its answer. */
    private record Step(LwM2mPath path, List<? extends DownlinkDeviceManagementRequest<?>> variants, Kind kind) {}

    private enum Kind {
        CANCEL,
        ATTRIBUTES,
        OBSERVE
    }

    private List<Step> steps(String meter, Registration registration) {
        DeviceModel model = models.modelOf(meter);
        Map<LwM2mPath, String> wanted = wanted(model, registration);
        List<Step> steps = new ArrayList<>();
        for (Observation each : registrations.store().getObservations(registration.getId())) {
            if (each instanceof SingleObservation single
                    && single.getContext().containsKey(DESIRED)
                    && !wanted.containsKey(single.getPath())) {
                steps.add(new Step(single.getPath(), List.of(new CancelObservationRequest(single)), Kind.CANCEL));
                registrations.store().removeObservation(registration.getId(), single.getId());
            } else if (each instanceof SingleObservation single) {
                wanted.remove(single.getPath());
            }
        }
        wanted.forEach((path, attributes) -> {
            if (!attributes.isEmpty()) {
                attributes(meter, path, attributes)
                        .ifPresent(request -> steps.add(new Step(path, List.of(request), Kind.ATTRIBUTES)));
            }
            List<ObserveRequest> variants = Formats.toRead(registration, path).stream()
                    .map(format -> new ObserveRequest(format, path.toString(), Map.of(DESIRED, "")))
                    .toList();
            steps.add(new Step(path, variants, Kind.OBSERVE));
        });
        return steps;
    }

    private Optional<WriteAttributesRequest> attributes(String meter, LwM2mPath path, String attributes) {
        try {
            return Optional.of(
                    new WriteAttributesRequest(path, Requests.attributes(path, List.of(attributes.split("&")))));
        } catch (RuntimeException wrong) {
            alerts.log(
                    "attributes", meter + ": attributes '" + attributes + "' of " + path + ": " + wrong.getMessage());
            return Optional.empty();
        }
    }

    /** The paths to observe that the meter has, and their attributes. */
    static Map<LwM2mPath, String> wanted(DeviceModel model, Registration registration) {
        Map<LwM2mPath, String> wanted = new LinkedHashMap<>();
        for (String observed : model.observed()) {
            String attributes = model.attributes().getOrDefault(observed, "");
            String[] parts = observed.split("/");
            if (parts.length < 2) {
                continue;
            }
            int object = Integer.parseInt(parts[1]);
            if (parts.length == 2) {
                if (registration.getSupportedObject().containsKey(object)) {
                    wanted.putIfAbsent(new LwM2mPath(object), attributes);
                }
                continue;
            }
            registration.getAvailableInstances().stream()
                    .filter(instance -> instance.getObjectId() == object)
                    .filter(instance ->
                            parts[2].equals("*") || parts[2].equals(String.valueOf(instance.getObjectInstanceId())))
                    .sorted()
                    .forEach(instance -> {
                        String path = observed.replaceFirst(
                                "^/" + object + "/(\\*|\\d+)", "/" + object + "/" + instance.getObjectInstanceId());
                        wanted.putIfAbsent(
                                new LwM2mPath(path), model.attributes().getOrDefault(path, attributes));
                    });
        }
        return wanted;
    }

    private CompletionStage<?> inTurn(Registration registration, List<Step> steps, int next) {
        if (next == steps.size()) {
            return CompletableFuture.completedFuture(null);
        }
        Step step = steps.get(next);
        String meter = Gatekeeper.meterOf(registration);
        boolean replaced = registrations
                .ofMeter(meter)
                .filter(now -> now.getId().equals(registration.getId()))
                .isEmpty();
        if (replaced) {
            return CompletableFuture.completedFuture(null);
        }
        return queue.send(meter, step.variants(), TIMEOUT)
                .handle((response, failure) -> {
                    if (failure == null) {
                        done(meter, step, response);
                    } else if (Inbound.cause(failure).getCause() instanceof InvalidResponseException odd) {
                        // It did answer: the other steps are worth trying.
                        alerts.log(
                                "reconcile",
                                meter + ": " + step.kind() + " of " + step.path() + ": " + odd.getMessage());
                    } else {
                        throw new CompletionException(Inbound.cause(failure));
                    }
                    return null;
                })
                .thenCompose(done -> inTurn(registration, steps, next + 1));
    }

    private void done(String meter, Step step, LwM2mResponse response) {
        if (!response.isSuccess()) {
            alerts.log(
                    "reconcile",
                    meter + ": " + step.kind() + " of " + step.path() + " was answered " + response.getCode());
        } else if (step.kind() == Kind.OBSERVE) {
            notifications.answered(meter, List.of(step.path()), response.getCoapResponse());
        }
    }
}
