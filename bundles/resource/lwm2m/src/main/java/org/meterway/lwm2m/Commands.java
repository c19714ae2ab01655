// SPDX-License-Identifier: EPL-2.0
package org.meterway.lwm2m;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.leshan.core.node.LwM2mNode;
import org.eclipse.leshan.core.node.LwM2mPath;
import org.eclipse.leshan.core.node.TimestampedLwM2mNodes;
import org.eclipse.leshan.core.observation.CompositeObservation;
import org.eclipse.leshan.core.observation.Observation;
import org.eclipse.leshan.core.observation.SingleObservation;
import org.eclipse.leshan.core.request.CancelCompositeObservationRequest;
import org.eclipse.leshan.core.request.CancelObservationRequest;
import org.eclipse.leshan.core.request.DownlinkDeviceManagementRequest;
import org.eclipse.leshan.core.response.CreateResponse;
import org.eclipse.leshan.core.response.DiscoverResponse;
import org.eclipse.leshan.core.response.LwM2mResponse;
import org.eclipse.leshan.core.response.ObserveCompositeResponse;
import org.eclipse.leshan.core.response.ObserveResponse;
import org.eclipse.leshan.core.response.ReadCompositeResponse;
import org.eclipse.leshan.core.response.ReadResponse;
import org.eclipse.leshan.server.registration.Registration;
import org.meterway.api.channel.Answer;
import org.meterway.api.channel.Command;
import org.meterway.api.channel.Command.Operation;
import org.meterway.api.channel.MeterUnavailableException;

/** Carries out commands (LwM2M Core 1.1, 6.3 and 6.4). Thread-safe; never blocks. */
final class Commands {
    /** So long an answer waits for its readings to be durable. */
    private static final long COMMIT_SECONDS = 2;

    private final Registrations registrations;
    private final Requests requests;
    private final CommandQueue queue;
    private final Notifications notifications;

    Commands(Registrations registrations, ObjectModels models, CommandQueue queue, Notifications notifications) {
        this.registrations = registrations;
        this.requests = new Requests(models);
        this.queue = queue;
        this.notifications = notifications;
    }

    /** See {@link org.meterway.api.channel.Channel#send}. */
    CompletionStage<Answer> submit(Command command) {
        Optional<Registration> registration = registrations.ofMeter(command.meter());
        if (registration.isEmpty()) {
            return CompletableFuture.failedFuture(
                    new MeterUnavailableException(command.meter() + " is not registered over LwM2M"));
        }
        try {
            if (command.operation() == Operation.CANCEL_OBSERVE) {
                return cancel(command, registration.get());
            }
            List<? extends DownlinkDeviceManagementRequest<?>> variants = requests.of(command, registration.get());
            return queue.send(command.meter(), variants, command.timeout())
                    .thenCompose(response -> answer(command, response));
        } catch (IllegalArgumentException wrong) {
            return CompletableFuture.failedFuture(wrong);
        }
    }

    /** Values that were read are durable, or known not to be, before the answer is given. */
    private CompletionStage<Answer> answer(Command command, LwM2mResponse response) {
        Answer answer = toAnswer(command, response);
        boolean reads =
                switch (command.operation()) {
                    case READ, READ_COMPOSITE, OBSERVE, OBSERVE_COMPOSITE -> true;
                    default -> false;
                };
        if (!reads || !response.isSuccess()) {
            return CompletableFuture.completedFuture(answer);
        }
        List<LwM2mPath> paths = command.paths().stream().map(Requests::path).toList();
        return notifications
                .answered(command.meter(), paths, response.getCoapResponse())
                .thenApply(done -> answer)
                .toCompletableFuture()
                .completeOnTimeout(answer, COMMIT_SECONDS, TimeUnit.SECONDS);
    }

    private CompletionStage<Answer> cancel(Command command, Registration registration) {
        LwM2mPath path = Requests.path(command.paths().get(0));
        List<Observation> found = registrations.store().getObservations(registration.getId()).stream()
                .filter(each -> concerns(each, path))
                .toList();
        if (found.isEmpty()) {
            return CompletableFuture.completedFuture(
                    new Answer(false, "4.04", path + " is not observed", Map.of(), ""));
        }
        CompletionStage<Answer> last = CompletableFuture.completedFuture(null);
        for (Observation observation : found) {
            DownlinkDeviceManagementRequest<?> request = observation instanceof SingleObservation single
                    ? new CancelObservationRequest(single)
                    : new CancelCompositeObservationRequest((CompositeObservation) observation);
            CompletionStage<Answer> next = queue.send(command.meter(), List.of(request), command.timeout())
                    .whenComplete((response, failure) ->
                            registrations.store().removeObservation(registration.getId(), observation.getId()))
                    .thenApply(response -> toAnswer(command, response));
            last = last.thenCombine(next, (before, answer) -> answer);
        }
        return last;
    }

    private static boolean concerns(Observation observation, LwM2mPath path) {
        return observation instanceof SingleObservation single
                ? single.getPath().equals(path)
                : observation instanceof CompositeObservation composite
                        && composite.getPaths().contains(path);
    }

    private static Answer toAnswer(Command command, LwM2mResponse response) {
        String text = Stream.ofNullable(response.getErrorMessage()).findFirst().orElse("");
        if (!response.isSuccess()) {
            return new Answer(false, code(response), text, Map.of(), "");
        }
        Map<String, Object> values = new LinkedHashMap<>();
        String links = "";
        if (response instanceof ObserveResponse observed) {
            single(command, observed.getContent(), values);
            if (values.isEmpty() && observed.getTimestampedLwM2mNodes() != null) {
                observed.getTimestampedLwM2mNodes().forEach(node -> single(command, node.getNode(), values));
            }
        } else if (response instanceof ReadResponse read) {
            single(command, read.getContent(), values);
        } else if (response instanceof ObserveCompositeResponse observed) {
            several(observed.getContent(), values);
            TimestampedLwM2mNodes stamped = observed.getTimestampedLwM2mNodes();
            if (values.isEmpty() && stamped != null) {
                several(stamped.getMostRecentNodes(), values);
            }
        } else if (response instanceof ReadCompositeResponse read) {
            several(read.getContent(), values);
        } else if (response instanceof DiscoverResponse && response.getCoapResponse() instanceof Response coap) {
            links = coap.getPayloadString();
        } else if (response instanceof CreateResponse created && created.getLocation() != null) {
            links = "</" + created.getLocation() + ">";
        }
        return new Answer(true, code(response), "", values, links);
    }

    private static void single(Command command, LwM2mNode node, Map<String, Object> into) {
        Values.flatten(Requests.path(command.paths().get(0)), node, into);
    }

    private static void several(Map<LwM2mPath, LwM2mNode> nodes, Map<String, Object> into) {
        if (nodes != null) {
            nodes.forEach((path, node) -> Values.flatten(path, node, into));
        }
    }

    private static String code(LwM2mResponse response) {
        int code = response.getCode().getCode();
        return code / 100 + "." + (code % 100 < 10 ? "0" : "") + code % 100;
    }
}
