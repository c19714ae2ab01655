// SPDX-License-Identifier: EPL-2.0
package org.meterway.dlms;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.meterway.api.channel.Command;
import org.meterway.api.line.Dialogue;
import org.meterway.api.line.DialogueContext;
import org.meterway.api.line.LineProtocol;
import org.meterway.api.line.LineSettings;
import org.meterway.api.line.Parity;
import org.meterway.api.meter.LineAddress;
import org.meterway.api.reading.Obis;
import org.osgi.service.component.annotations.Component;

/** Asks meters in DLMS/COSEM over HDLC or the wrapper. Thread-safe, without state. */
@Component
public final class DlmsLineProtocol implements LineProtocol {
    private static final LineSettings USUAL = LineSettings.of(9600, 8, Parity.NONE, 1);
    private static final int DISCONNECT_CONTROL = 70;
    private static final int SCRIPT_TABLE = 9;
    private static final Obis DISCONNECTOR = Obis.parse("0-0:96.3.10");
    private static final Obis END_OF_BILLING = Obis.parse("0-0:10.0.1");

    @Override
    public String name() {
        return "dlms";
    }

    @Override
    public LineSettings settings() {
        return USUAL;
    }

    @Override
    public List<LineSettings> otherSettings() {
        return Stream.concat(
                        IntStream.of(19_200, 115_200, 2_400, 4_800, 38_400, 57_600, 1_200, 300)
                                .mapToObj(USUAL::withBaud),
                        IntStream.of(2_400, 9_600)
                                .mapToObj(baud -> USUAL.withBaud(baud).withFormat(8, Parity.EVEN, 1)))
                .toList();
    }

    @Override
    public Dialogue probe(LineAddress address, DialogueContext context) {
        return new DlmsDialogue(Access.of(address, context), null, context, USUAL);
    }

    @Override
    public Dialogue dialogue(Command command, LineAddress address, DialogueContext context) {
        Access access = Access.of(address, context);
        Job job =
                switch (command.operation()) {
                    case READ, READ_COMPOSITE -> read(command, context);
                    case WRITE -> write(command, context);
                    case EXECUTE -> execute(command);
                    default -> throw new IllegalArgumentException("DLMS has no " + command.operation());
                };
        return new DlmsDialogue(access, job, context, USUAL);
    }

    private static Job read(Command command, DialogueContext context) {
        String from = command.attributes().get("from");
        if (from == null) {
            return new ReadJob(command.paths(), context.timeZone());
        }
        String to = command.attributes().get("to");
        Instant start = time("from", from);
        Instant end = to == null ? context.now() : time("to", to);
        if (end.isBefore(start) || Duration.between(start, end).toDays() > 366) {
            throw new IllegalArgumentException("to must be after from and at most a year later");
        }
        return new ProfileJob(Obis.parse(command.paths().get(0)), start, end, context.timeZone(), context::now);
    }

    private static Instant time(String name, String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(name + " must be a time as 2026-11-20T00:00:00Z, was '" + text + "'", e);
        }
    }

    private static Job write(Command command, DialogueContext context) {
        String path = command.paths().get(0);
        Obis obis = Obis.parse(path);
        if (!Report.isClock(0, obis) || !(command.values().get(path) instanceof Instant time)) {
            throw new IllegalArgumentException("of DLMS meters the clock 0-0:1.0.0 can be written, with a time");
        }
        // The time given is true now; what is sent later is later by as much.
        Duration ahead = Duration.between(context.now(), time);
        Descriptor clock = new Descriptor(Report.CLOCK, obis, 2);
        return new CommandJob(() -> Requests.set(
                clock, Requests.octets(DateTimes.encode(context.now().plus(ahead), context.timeZone()))));
    }

    private static Job execute(Command command) {
        Obis obis = Obis.parse(command.paths().get(0));
        if (obis.equals(DISCONNECTOR)) {
            int method =
                    switch (command.arguments()) {
                        case "disconnect" -> 1;
                        case "connect" -> 2;
                        default ->
                            throw new IllegalArgumentException(
                                    "the argument must be connect or disconnect, was '" + command.arguments() + "'");
                    };
            Descriptor of = new Descriptor(DISCONNECT_CONTROL, obis, method);
            return new CommandJob(() -> Requests.action(of, new byte[] {Datum.INTEGER, 0}));
        }
        if (obis.equals(END_OF_BILLING)) {
            Descriptor of = new Descriptor(SCRIPT_TABLE, obis, 1);
            return new CommandJob(() -> Requests.action(of, new byte[] {Datum.LONG_UNSIGNED, 0, 1}));
        }
        throw new IllegalArgumentException(
                "of DLMS meters " + DISCONNECTOR + " and " + END_OF_BILLING + " can be executed, not " + obis);
    }
}
