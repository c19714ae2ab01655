// SPDX-License-Identifier: EPL-2.0
package org.meterway.rest;

import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.meterway.api.event.Event;
import org.meterway.api.event.EventListener;
import org.meterway.api.store.StoreException;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Version;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletAsyncSupported;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletPattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves {@code /api/v1}: finds the endpoint of a request and turns whatever goes wrong into a problem answer. */
@Designate(ocd = Config.class)
@Component(
        service = {Servlet.class, EventListener.class},
        configurationPid = Config.PID)
@HttpWhiteboardServletPattern("/api/v1/*")
@HttpWhiteboardServletAsyncSupported
public final class Rest extends HttpServlet implements EventListener {
    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(Rest.class);

    private final transient Router router;
    private final transient LiveStream stream;
    private final transient ScheduledExecutorService ticker;

    @Activate
    public Rest(@Reference Services services, BundleContext context, Config config) {
        this(services, version(context.getBundle().getVersion()), config, Clock.systemUTC());
    }

    Rest(Services services, String version, Config config, Clock clock) {
        if (config.import_limit_bytes() < 1 || config.live_clients() < 1) {
            throw new IllegalArgumentException("import.limit.bytes and live.clients must be positive, were "
                    + config.import_limit_bytes() + " and " + config.live_clients());
        }
        Instant started =
                Instant.ofEpochMilli(ManagementFactory.getRuntimeMXBean().getStartTime());
        HealthResource health = new HealthResource(services, version, started, clock);
        this.stream = new LiveStream(config.live_clients(), health::statistics);
        List<Endpoint> endpoints = new ArrayList<>();
        Stream.of(
                        health.endpoints(),
                        new MeterList(services).endpoints(),
                        new MeterResource(services, config.import_limit_bytes()).endpoints(),
                        new CommandResource(services).endpoints(),
                        new LineResource(services).endpoints(),
                        new ReadingResource(services).endpoints(),
                        new TraceResource(services).endpoints(),
                        new FrameResource(services, clock).endpoints(),
                        new ParkedResource(services).endpoints(),
                        new ReplayResource(services).endpoints(),
                        new IntegrityResource(services).endpoints(),
                        new EventResource(services, stream).endpoints(),
                        new PlanResource(services, clock).endpoints(),
                        new OrderResource(services).endpoints(),
                        new RunningResource(services).endpoints(),
                        List.of(Endpoint.get("/openapi.json", List.of(), Rest::openapi)))
                .forEach(endpoints::addAll);
        this.router = new Router(endpoints);
        this.ticker = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "meterway-rest-live");
            thread.setDaemon(true);
            return thread;
        });
        ticker.scheduleAtFixedRate(stream::tick, 1, 1, TimeUnit.SECONDS);
    }

    @Deactivate
    public void stop() {
        ticker.shutdownNow();
        stream.close();
    }

    @Override
    public void happened(Event event) {
        stream.tell(event);
    }

    Router router() {
        return router;
    }

    LiveStream stream() {
        return stream;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Call.headers(response);
        try {
            LocalCaller.check(request);
            router.handle(request, response);
        } catch (Problem problem) {
            Call.problem(response, problem);
        } catch (StoreException e) {
            LOG.warn("{} {} failed: {}", request.getMethod(), request.getRequestURI(), e.getMessage());
            Call.problem(response, Problem.unavailable("the store fails: " + e.getMessage()));
        } catch (RuntimeException e) {
            LOG.error("{} {} failed", request.getMethod(), request.getRequestURI(), e);
            Call.problem(response, Problem.of(500, "an error of the gateway, see its log"));
        }
    }

    private static void openapi(Call call) throws IOException {
        try (InputStream in = Rest.class.getResourceAsStream("/openapi.json")) {
            call.bytes(200, "application/json", in.readAllBytes());
        }
    }

    private static String version(Version version) {
        return version.getMajor() + "." + version.getMinor() + "." + version.getMicro();
    }
}
