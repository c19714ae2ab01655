// SPDX-License-Identifier: EPL-2.0
package org.meterway.launcher;

import com.fasterxml.jackson.databind.JsonNode;
import java.lang.management.ManagementFactory;
import java.util.Optional;

/** A gateway that is up, and how it got there. */
final class Startup implements AutoCloseable {
    private static final long READY_TIMEOUT_MS = 30_000;
    private static final String REST = "org.meterway.rest";

    private final Gateway gateway;
    private final FeaturePlan plan;
    private final Diagnosis diagnosis;
    private final long startupMs;

    private Startup(Gateway gateway, FeaturePlan plan, Diagnosis diagnosis, long startupMs) {
        this.gateway = gateway;
        this.plan = plan;
        this.diagnosis = diagnosis;
        this.startupMs = startupMs;
    }

    /**
     * Starts a feature and waits until it serves.
     *
     * @param data becomes the gateway's own
     * @throws LaunchException if it does not come up; everything is stopped again then
     */
    static Startup of(Distribution distribution, FeaturePlan plan, DataFolder data, Interrupts interrupts) {
        try {
            Ports.check(plan);
        } catch (RuntimeException e) {
            data.close();
            throw e;
        }
        Gateway gateway = Gateway.start(distribution, plan, data);
        try {
            Diagnosis diagnosis = Diagnosis.of(gateway.context());
            gateway.warn(diagnosis.all());
            if (!diagnosis.isRunning()) {
                int more = diagnosis.broken().size() + diagnosis.failed().size() - 1;
                throw new LaunchException(
                        (diagnosis.failed().isEmpty() ? diagnosis.broken() : diagnosis.failed()).get(0)
                                + (more > 0 ? " (and " + more + " more)" : "") + "; see "
                                + gateway.data().log());
            }
            if (plan.contains(REST)) {
                awaitHealth(plan, gateway, interrupts);
            }
            return new Startup(gateway, plan, diagnosis, sinceLaunchMs());
        } catch (RuntimeException e) {
            gateway.close();
            throw e;
        }
    }

    private static void awaitHealth(FeaturePlan plan, Gateway gateway, Interrupts interrupts) {
        long end = System.nanoTime() + READY_TIMEOUT_MS * 1_000_000;
        while (!interrupts.isAsked()) {
            Optional<Rest.Answer> health = new Rest(url(plan, gateway)).get("/api/v1/health");
            if (health.isPresent() && health.get().ok()) {
                return;
            }
            if (System.nanoTime() > end) {
                JsonNode status = health.map(Rest.Answer::body).orElse(Rest.JSON.missingNode());
                throw new LaunchException("the gateway is not ready after " + READY_TIMEOUT_MS / 1000 + " s ("
                        + health.map(answer -> "health answers " + answer.status() + " "
                                        + status.path("status").asText())
                                .orElse("nobody answers on " + url(plan, gateway))
                        + "); see " + gateway.data().log());
            }
            interrupts.await(20);
        }
    }

    /** Where the gateway's HTTP is: what the whiteboard says, which knows the port when any free one was taken. */
    private static String url(FeaturePlan plan, Gateway gateway) {
        var reference = gateway.context().getServiceReference("org.osgi.service.servlet.runtime.HttpServiceRuntime");
        Object endpoint = reference == null ? null : reference.getProperty("osgi.http.endpoint");
        String url = endpoint instanceof String[] endpoints && endpoints.length > 0
                ? endpoints[0]
                : "http://127.0.0.1:" + Ports.HTTP.of(plan);
        return url.replaceFirst("/+$", "");
    }

    private static long sinceLaunchMs() {
        return System.currentTimeMillis() - ManagementFactory.getRuntimeMXBean().getStartTime();
    }

    Gateway gateway() {
        return gateway;
    }

    FeaturePlan plan() {
        return plan;
    }

    Diagnosis diagnosis() {
        return diagnosis;
    }

    /** From the start of the Java virtual machine until everything answered. */
    long startupMs() {
        return startupMs;
    }

    /** Scheme, host and port, without a slash at the end. */
    String url() {
        return url(plan, gateway);
    }

    @Override
    public void close() {
        gateway.close();
    }
}
