// SPDX-License-Identifier: EPL-2.0
package org.meterway.launcher;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Watches the simulated fleet through the gateway's own REST, as any other client would. */
final class Replay {
    private static final long FIRST_WORD_MS = 30_000;
    private static final long DURABLE_MS = 60_000;
    private static final long COMPLETE_MS = 15_000;

    private final Rest rest;
    private final Interrupts interrupts;
    private final ProgressLine line;
    private final int planned;

    private JsonNode health = MissingNode.getInstance();
    private long mostRegistered;

    Replay(Startup startup, Interrupts interrupts, ProgressLine line, int planned) {
        this.rest = new Rest(startup.url());
        this.interrupts = interrupts;
        this.line = line;
        this.planned = planned;
    }

    /**
     * Shows the progress until the replay is over and everything it sent is durable, or somebody asks for the end.
     *
     * @param seconds how long the replay is meant to take; null when it goes on until somebody asks for the end
     */
    Outcome watch(@Nullable Integer seconds) {
        long startNs = System.nanoTime();
        long limitMs = seconds == null ? Long.MAX_VALUE : seconds * 2000L + 120_000;
        Optional<String> failure = Optional.empty();
        while (!interrupts.await(line.intervalMs())) {
            long ms = (System.nanoTime() - startNs) / 1_000_000;
            poll();
            if (fleet().isMissingNode() && ms > FIRST_WORD_MS) {
                failure = Optional.of("the fleet of simulated meters does not report: see the log");
                break;
            }
            if (seconds != null && fleet().path("done").asBoolean()) {
                break;
            }
            if (ms > limitMs) {
                failure = Optional.of("the replay is not over after " + ms / 1000 + " s, at " + percent() + " %");
                break;
            }
            line.show(text());
        }
        if (failure.isEmpty() && !interrupts.isAsked()) {
            failure = awaitDurable();
        } else {
            poll();
        }
        JsonNode integrity = integrity(seconds != null);
        line.end(text());
        return new Outcome(health, fleet(), mostRegistered, integrity, failure);
    }

    /** Everything that was answered positively is committed, and what is committed has been folded into profiles. */
    private Optional<String> awaitDurable() {
        long endNs = System.nanoTime() + DURABLE_MS * 1_000_000;
        long before = -1;
        do {
            poll();
            line.show(text());
            long accepted = health.path("readings").path("accepted").asLong();
            if (accepted == before
                    && health.path("readings").path("durable").asLong() >= accepted
                    && health.path("messages").path("unsettled").asLong() == 0) {
                return Optional.empty();
            }
            before = accepted;
        } while (System.nanoTime() < endNs && !interrupts.await(line.intervalMs()));
        return Optional.of(
                "not everything is durable " + DURABLE_MS / 1000 + " s after the replay: " + health.path("readings"));
    }

    private JsonNode integrity(boolean over) {
        String from = fleet().path("from").asText();
        String to = fleet().path("to").asText();
        if (from.isEmpty() || to.isEmpty()) {
            return MissingNode.getInstance();
        }
        String path = "/api/v1/integrity?from=" + encode(from) + "&to=" + encode(to);
        long endNs = System.nanoTime() + (over ? COMPLETE_MS : 0) * 1_000_000;
        JsonNode found;
        do {
            found = rest.get(path)
                    .filter(Rest.Answer::ok)
                    .map(Rest.Answer::body)
                    .orElse(MissingNode.getInstance());
        } while (found.path("integrity").asDouble() < 1
                && System.nanoTime() < endNs
                && !interrupts.await(line.intervalMs()));
        return found;
    }

    private void poll() {
        // A gateway that is down still answers, and says why; keep the last words of one that does not.
        rest.get("/api/v1/health")
                .filter(answer -> answer.body().isObject())
                .ifPresent(answer -> health = answer.body());
        mostRegistered = Math.max(
                mostRegistered, health.path("meters").path("registered").asLong());
    }

    private JsonNode fleet() {
        for (JsonNode component : health.path("components")) {
            if (component.path("name").asText().equals("fleet")) {
                return component.path("values");
            }
        }
        return MissingNode.getInstance();
    }

    private int percent() {
        return (int) fleet().path("percent").asDouble();
    }

    private String text() {
        JsonNode readings = health.path("readings");
        return String.format(
                Locale.ROOT,
                "%s %3d %%  %s  meters %d/%d  readings %,d accepted, %,d durable  %,.0f/s",
                ProgressLine.bar(percent()),
                percent(),
                fleet().path("virtualTime").asText("").replaceFirst("(T\\d\\d:\\d\\d).*", "$1"),
                health.path("meters").path("registered").asLong(),
                planned,
                readings.path("accepted").asLong(),
                readings.path("durable").asLong(),
                readings.path("perSecond").asDouble());
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /**
     * How it went.
     *
     * @param health the last health document
     * @param fleet the figures of the fleet
     * @param registered most meters that were registered at the same time
     * @param integrity the integrity document over the replayed days
     * @param failure one line for a person when it did not end as it should
     */
    record Outcome(JsonNode health, JsonNode fleet, long registered, JsonNode integrity, Optional<String> failure) {
        void addTo(ObjectNode report) {
            ObjectNode meters = health.path("meters").isObject()
                    ? (ObjectNode) health.path("meters").deepCopy()
                    : report.objectNode();
            meters.put("registered", registered);
            report.set("meters", meters);
            for (String part : new String[] {"readings", "messages"}) {
                report.set(part, health.path(part).isObject() ? health.path(part) : report.objectNode());
            }
            report.set("integrity", integrity.path("integrity").isNumber() ? integrity.path("integrity") : null);
            report.set("expected", integrity.path("expected").isNumber() ? integrity.path("expected") : null);
            report.set("present", integrity.path("present").isNumber() ? integrity.path("present") : null);
            report.set("fleet", fleet.isObject() ? fleet : report.objectNode());
            failure.ifPresent(text -> report.put("failure", text));
        }

        void print(PrintWriter out) {
            JsonNode readings = health.path("readings");
            out.printf(
                    Locale.ROOT,
                    "%,d meters; %,d readings durable of %,d accepted, %,d rejected%n",
                    registered,
                    readings.path("durable").asLong(),
                    readings.path("accepted").asLong(),
                    readings.path("rejected").asLong());
            if (integrity.path("integrity").isNumber()) {
                out.printf(
                        Locale.ROOT,
                        "integrity %.4f %% (%,d of %,d intervals)%n",
                        integrity.path("integrity").asDouble() * 100,
                        integrity.path("present").asLong(),
                        integrity.path("expected").asLong());
            }
        }
    }
}
