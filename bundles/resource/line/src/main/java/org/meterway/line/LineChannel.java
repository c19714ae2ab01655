// SPDX-License-Identifier: EPL-2.0
package org.meterway.line;

import static org.osgi.service.component.annotations.ReferenceCardinality.MULTIPLE;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.meterway.api.channel.Answer;
import org.meterway.api.channel.Channel;
import org.meterway.api.channel.Command;
import org.meterway.api.channel.Connection;
import org.meterway.api.channel.ManagedObject;
import org.meterway.api.channel.MeterUnavailableException;
import org.meterway.api.health.Health;
import org.meterway.api.health.HealthReporter;
import org.meterway.api.line.LineProbe;
import org.meterway.api.line.LineProtocol;
import org.meterway.api.line.LineStatus;
import org.meterway.api.line.Lines;
import org.meterway.api.meter.LineAddress;
import org.meterway.api.meter.Meter;
import org.meterway.api.meter.MeterState;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** All lines as one channel: a meter is asked on the line its inventory entry names. */
@Component(service = {Channel.class, Lines.class, HealthReporter.class})
public final class LineChannel implements Channel, Lines, HealthReporter {
    static final String NAME = "line";

    private final LineServices services;

    @Reference(policy = DYNAMIC, cardinality = MULTIPLE)
    volatile Collection<Line> lines = List.of();

    @Activate
    public LineChannel(@Reference LineServices services) {
        this.services = services;
    }

    @Override
    public String name() {
        return NAME;
    }

    private Optional<Line> line(String name) {
        return lines.stream().filter(line -> line.name().equals(name)).findFirst();
    }

    private Line need(String name) {
        return line(name).orElseThrow(() -> new IllegalArgumentException("there is no line '" + name + "'"));
    }

    @Override
    public CompletionStage<Answer> send(Command command) {
        Optional<Meter> meter = services.inventory.find(command.meter());
        if (meter.isEmpty()) {
            return failed(new IllegalArgumentException("there is no meter " + command.meter()));
        }
        Optional<LineAddress> address = meter.get().line();
        if (address.isEmpty()) {
            return failed(new IllegalArgumentException("meter " + command.meter() + " is on no line"));
        }
        if (meter.get().state() == MeterState.RETIRED) {
            return failed(new IllegalArgumentException("meter " + command.meter() + " is retired"));
        }
        Optional<Line> line = line(address.get().line());
        if (line.isEmpty()) {
            return failed(new MeterUnavailableException("meter " + command.meter() + " is on line "
                    + address.get().line() + ", which is not configured here"));
        }
        return line.get().send(meter.get(), address.get(), command);
    }

    private static CompletionStage<Answer> failed(Exception why) {
        return CompletableFuture.failedFuture(why);
    }

    /** A meter that never answered has no connection: a line knows of a meter only what it hears. */
    @Override
    public Optional<Connection> connection(String meter) {
        for (Line line : lines) {
            Optional<Standing> standing = line.standing(meter);
            if (standing.isPresent() && standing.get().lastAnswer().isPresent()) {
                LineAddress address = standing.get().address();
                boolean reachable = line.open() && standing.get().state() == LineStatus.State.ANSWERING;
                return Optional.of(new Connection(
                        NAME,
                        reachable ? Connection.State.REGISTERED : Connection.State.UNREGISTERED,
                        address.address().isEmpty() ? line.name() : line.name() + "/" + address.address(),
                        standing.get().lastAnswer().get()));
            }
        }
        return Optional.empty();
    }

    @Override
    public int registered() {
        return lines.stream()
                .filter(Line::open)
                .mapToInt(line -> line.count(LineStatus.State.ANSWERING))
                .sum();
    }

    @Override
    public int asleep() {
        return 0;
    }

    @Override
    public List<ManagedObject> objects(String meter) {
        return List.of();
    }

    @Override
    public List<LineStatus> lines() {
        return lines.stream()
                .map(Line::status)
                .sorted(Comparator.comparing(LineStatus::name))
                .toList();
    }

    @Override
    public LineProbe startProbe(String line, List<String> protocols, String address) {
        List<LineProtocol> tried = new ArrayList<>();
        if (protocols.isEmpty()) {
            Map<String, LineProtocol> byName = new LinkedHashMap<>();
            services.protocols.forEach(protocol -> byName.put(protocol.name(), protocol));
            tried.addAll(byName.values());
        }
        for (String name : protocols) {
            tried.add(services.protocol(name)
                    .orElseThrow(() -> new IllegalArgumentException("the protocol '" + name + "' is not installed")));
        }
        return need(line).startProbe(tried, address);
    }

    @Override
    public Optional<LineProbe> probe(String line) {
        return line(line).flatMap(Line::probe);
    }

    @Override
    public boolean stopProbe(String line) {
        return line(line).map(Line::stopProbe).orElse(false);
    }

    @Override
    public Health health() {
        List<Line> all = List.copyOf(lines);
        long open = all.stream().filter(Line::open).count();
        int answering = all.stream()
                .mapToInt(line -> line.count(LineStatus.State.ANSWERING))
                .sum();
        int silent = all.stream()
                .mapToInt(line -> line.count(LineStatus.State.SILENT))
                .sum();
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("lines", all.size());
        values.put("open", open);
        values.put("metersAnswering", answering);
        values.put("metersSilent", silent);
        values.put("protocols", services.protocols.size());
        StringBuilder text = new StringBuilder(all.isEmpty() ? "no lines" : all.size() + " lines");
        text.append(", ").append(answering).append(" meters answering");
        if (silent > 0) {
            text.append(", ").append(silent).append(" silent");
        }
        all.stream().filter(line -> !line.open()).limit(3).forEach(line -> text.append("; line ")
                .append(line.name())
                .append(" has no port: ")
                .append(line.trouble()));
        boolean well = open == all.size() && (silent == 0 || silent < answering);
        Health.Status status = well ? Health.Status.UP : Health.Status.DEGRADED;
        return new Health(NAME, status, text.toString(), values);
    }
}
