// SPDX-License-Identifier: EPL-2.0
package org.meterway.lwm2m;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.eclipse.californium.core.CoapExchange;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.OptionSet;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.coap.option.StringOption;
import org.eclipse.leshan.core.endpoint.EndPointUriHandler;
import org.eclipse.leshan.core.link.LinkParser;
import org.eclipse.leshan.core.request.exception.InvalidRequestException;
import org.eclipse.leshan.server.request.UplinkDeviceManagementRequestReceiver;
import org.eclipse.leshan.transport.californium.identity.IdentityHandlerProvider;
import org.eclipse.leshan.transport.californium.server.registration.RegisterResource;
import org.jspecify.annotations.Nullable;
import org.meterway.api.channel.AdmissionControl;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes registrations and updates (LwM2M Core 1.1, 6.2). Understands what meters in the field say a little differently, and
 * registers off the protocol threads, because the inventory may write.
 */
final class RegistrationResource extends RegisterResource {
    private static final Logger LOG = LoggerFactory.getLogger(RegistrationResource.class);
    private static final int RETRY_SECONDS = 10;

    private final Executor worker;
    private final Supplier<@Nullable AdmissionControl> admission;
    private final Alerts alerts;
    private final Counters counters;

    RegistrationResource(
            UplinkDeviceManagementRequestReceiver receiver,
            LinkParser linkParser,
            IdentityHandlerProvider identities,
            EndPointUriHandler uriHandler,
            Executor worker,
            Supplier<@Nullable AdmissionControl> admission,
            Alerts alerts,
            Counters counters) {
        super(receiver, linkParser, identities, uriHandler);
        this.worker = worker;
        this.admission = admission;
        this.alerts = alerts;
        this.counters = counters;
    }

    @Override
    public void handlePOST(CoapExchange exchange) {
        OptionSet options = exchange.advanced().getRequest().getOptions();
        normalise(options);
        Optional<Duration> wait = wait(options);
        if (wait.isPresent()) {
            counters.putOff.increment();
            Response response = new Response(ResponseCode.SERVICE_UNAVAILABLE);
            response.getOptions().setMaxAge(Math.max(1, (wait.get().toMillis() + 999) / 1000));
            exchange.respond(response);
            return;
        }
        try {
            worker.execute(() -> guarded(exchange));
        } catch (RejectedExecutionException full) {
            Response response = new Response(ResponseCode.SERVICE_UNAVAILABLE);
            response.getOptions().setMaxAge(RETRY_SECONDS);
            exchange.respond(response);
        }
    }

    /** How long a meter that wants to register has to wait; updates never have to. */
    private Optional<Duration> wait(OptionSet options) {
        AdmissionControl control = admission.get();
        if (control == null || options.getUriPath().size() != 1) {
            return Optional.empty();
        }
        try {
            return options.getUriQueryStrings().stream()
                    .filter(each -> each.startsWith("ep="))
                    .findFirst()
                    .flatMap(endpoint -> control.admit(endpoint.substring("ep=".length())));
        } catch (RuntimeException broken) {
            LOG.warn("admission could not be decided, the meter is admitted", broken);
            return Optional.empty();
        }
    }

    private void guarded(CoapExchange exchange) {
        try {
            super.handlePOST(exchange);
        } catch (InvalidRequestException | IllegalArgumentException wrong) {
            counters.rejected.increment();
            alerts.log(
                    "rejected registration",
                    exchange.advanced().getRequest().getSourceContext().getPeerAddress()
                            + ": registration refused: "
                            + Gatekeeper.printable(String.valueOf(wrong.getMessage())));
            handleInvalidRequest(exchange.advanced(), String.valueOf(wrong.getMessage()), wrong);
        } catch (RuntimeException failed) {
            LOG.error("A registration failed", failed);
            exchange.respond(ResponseCode.INTERNAL_SERVER_ERROR);
        }
    }

    /**
     * Brings what meters say into the form Leshan expects: {@code /rd/} is {@code /rd}; without {@code lwm2m} it is LwM2M 1.0;
     * queue mode is {@code b=UQ} in LwM2M 1.0 and {@code b=U&Q} from 1.1 on (LwM2M Core 1.1, 6.2.1), and each is understood in the
     * other. An update cannot switch queue mode.
     */
    static void normalise(OptionSet options) {
        List<StringOption> path = options.getUriPath();
        if (path.size() > 1 && path.get(path.size() - 1).getStringValue().isEmpty()) {
            List<String> kept = path.subList(0, path.size() - 1).stream()
                    .map(StringOption::getStringValue)
                    .toList();
            options.clearUriPath();
            kept.forEach(options::addUriPath);
        }
        boolean registers = options.getUriPath().size() == 1;
        List<String> query = List.copyOf(options.getUriQueryStrings());
        if (registers && query.stream().noneMatch(each -> each.startsWith("lwm2m="))) {
            options.addUriQuery("lwm2m=1.0");
            query = List.copyOf(options.getUriQueryStrings());
        }
        queueMode(options, query, registers);
    }

    private static void queueMode(OptionSet options, List<String> query, boolean registers) {
        String binding =
                query.stream().filter(each -> each.startsWith("b=")).findFirst().orElse("");
        if (!query.contains("Q") && binding.indexOf('Q') < 0) {
            return;
        }
        options.clearUriQuery();
        query.stream()
                .filter(each -> !each.equals("Q") && !each.startsWith("b="))
                .forEach(options::addUriQuery);
        if (!registers) {
            return;
        }
        String transports = binding.isEmpty() ? "b=U" : binding.replace("Q", "");
        if (query.contains("lwm2m=1.0")) {
            options.addUriQuery(transports + "Q");
        } else {
            options.addUriQuery(transports).addUriQuery("Q");
        }
    }
}
