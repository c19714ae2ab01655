// SPDX-License-Identifier: EPL-2.0
package org.meterway.line;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.meterway.api.channel.Answer;
import org.meterway.api.event.Event;
import org.meterway.api.line.Dialogue;
import org.meterway.api.line.LineProbe;
import org.meterway.api.line.LineProtocol;
import org.meterway.api.line.LineSettings;
import org.meterway.api.meter.LineAddress;

/** A search for meters: one trial a turn of the line, so that its other work goes on. */
final class ProbeRun implements Order {
    /** No meter's id. */
    private static final String OWNER = " probe";

    private static final Duration PER_TRIAL = Duration.ofSeconds(20);
    private static final int MAX_TRIALS = 500;

    private record Trial(LineProtocol protocol, LineSettings settings) {}

    private final Line line;
    private final String address;
    private final List<Trial> trials;
    private final Set<String> answered = new LinkedHashSet<>();
    private final List<LineProbe.Found> found = new ArrayList<>();
    private int next;
    private int tried;
    private volatile boolean stopped;
    private volatile LineProbe state;

    ProbeRun(Line line, List<LineProtocol> protocols, String address, boolean settingsMatter) {
        this.line = line;
        this.address = address;
        this.trials = trials(line, protocols, settingsMatter);
        this.state = new LineProbe(
                line.name(),
                line.services().now(),
                Optional.empty(),
                0,
                trials.size(),
                "waits for the line",
                List.of());
    }

    /** The likeliest first: what each protocol has here, then its default, then what else is met in the field. */
    private static List<Trial> trials(Line line, List<LineProtocol> protocols, boolean settingsMatter) {
        List<Trial> first = new ArrayList<>();
        List<Trial> others = new ArrayList<>();
        for (LineProtocol protocol : protocols) {
            Set<String> seen = new LinkedHashSet<>();
            first.add(new Trial(protocol, once(line.settings(protocol.settings()))));
            seen.add(first.get(first.size() - 1).settings().toString());
            if (settingsMatter) {
                List<LineSettings> known = new ArrayList<>();
                known.add(protocol.settings());
                known.addAll(protocol.otherSettings());
                known.stream()
                        .filter(settings -> seen.add(settings.toString()))
                        .forEach(settings -> others.add(new Trial(protocol, once(settings))));
            }
        }
        first.addAll(others);
        return first.subList(0, Math.min(first.size(), MAX_TRIALS));
    }

    /** One repetition: noise is less likely than another rate. */
    private static LineSettings once(LineSettings settings) {
        return new LineSettings(
                settings.baud(),
                settings.dataBits(),
                settings.parity(),
                settings.stopBits(),
                settings.turnaround(),
                settings.interByteTimeout(),
                settings.answerTimeout(),
                Math.min(1, settings.retries()));
    }

    LineProbe state() {
        return state;
    }

    boolean stop() {
        boolean running = state.endedAt().isEmpty();
        stopped = true;
        return running;
    }

    @Override
    public String owner() {
        return OWNER;
    }

    @Override
    public boolean over() {
        return false; // a stopped one says so in its turn
    }

    @Override
    public void refuse(String reason) {
        end(reason);
    }

    @Override
    public void run(Transport transport) throws IOException {
        while (next < trials.size()
                && answered.contains(trials.get(next).protocol().name())) {
            next++;
        }
        if (stopped || next == trials.size()) {
            end(stopped ? "stopped" : "");
            return;
        }
        Trial trial = trials.get(next++);
        show("tries " + trial.protocol().name() + " with " + trial.settings(), Optional.empty());
        try {
            attempt(transport, trial);
        } catch (IOException e) {
            end("the port was lost: " + e.getMessage());
            throw e;
        }
        tried++;
        if (!line.offer(this)) {
            end("there was no more room in the line's queue");
        }
    }

    private void attempt(Transport transport, Trial trial) throws IOException {
        String name = trial.protocol().name();
        Dialogue dialogue;
        try {
            LineAddress where = line.configured(name, address);
            dialogue = trial.protocol().probe(where, new MeterContext(line.services(), Optional.empty()));
        } catch (IllegalArgumentException e) {
            answered.add(name); // no such address in this protocol: no settings make it one
            return;
        }
        Outcome outcome = line.trial(transport, dialogue, trial.settings(), PER_TRIAL);
        if (outcome instanceof Outcome.Answered done) {
            answered.add(name);
            found.add(new LineProbe.Found(
                    name, trial.settings(), address, text(done.done().answer())));
        }
    }

    private static String text(Answer answer) {
        StringBuilder text = new StringBuilder(answer.text());
        answer.values().forEach((path, value) -> text.append(text.length() == 0 ? "" : ", ")
                .append(path)
                .append(' ')
                .append(value));
        return text.length() == 0 ? answer.code() : text.toString();
    }

    private void end(String reason) {
        String what = found.isEmpty() ? "nothing answered" : found.size() + " protocols answered";
        show(
                reason.isEmpty() ? what : reason + "; " + what,
                Optional.of(line.services().now()));
        line.services()
                .tell("line.probe.ended", Event.Severity.INFO, "Probe of line " + line.name() + ": " + state.text());
    }

    private void show(String text, Optional<Instant> ended) {
        state = new LineProbe(line.name(), state.startedAt(), ended, tried, trials.size(), text, found);
    }
}
