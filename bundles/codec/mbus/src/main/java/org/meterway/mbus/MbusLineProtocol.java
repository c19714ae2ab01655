// SPDX-License-Identifier: EPL-2.0
package org.meterway.mbus;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
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

/**
 * Asks meters on an M-Bus, behind a level converter on a serial port or serial server. Paths are OBIS codes, or {@code *} for all
 * there is. Thread-safe, without state.
 */
@Component
public final class MbusLineProtocol implements LineProtocol {
    static final String CLOCK = "0-0:1.0.0";
    private static final String ALL = "*";
    private static final LineSettings USUAL = LineSettings.of(2400, 8, Parity.EVEN, 1);

    @Override
    public String name() {
        return "mbus";
    }

    @Override
    public LineSettings settings() {
        return USUAL;
    }

    @Override
    public List<LineSettings> otherSettings() {
        Stream<LineSettings> even =
                Stream.of(300, 9600, 4800, 1200, 600, 19_200, 38_400).map(USUAL::withBaud);
        Stream<LineSettings> none =
                Stream.of(2400, 9600).map(baud -> USUAL.withBaud(baud).withFormat(8, Parity.NONE, 1));
        return Stream.concat(even, none).toList();
    }

    @Override
    public Dialogue probe(LineAddress address, DialogueContext context) {
        return new ProbeDialogue(MeterAddress.of(address.address()));
    }

    @Override
    public Dialogue dialogue(Command command, LineAddress address, DialogueContext context) {
        MeterAddress meter = MeterAddress.of(address.address());
        return switch (command.operation()) {
            case READ, READ_COMPOSITE -> read(command, meter, context);
            case WRITE -> write(command, meter, context);
            default -> throw new IllegalArgumentException("M-Bus has no " + command.operation());
        };
    }

    private static Dialogue read(Command command, MeterAddress meter, DialogueContext context) {
        if (command.attributes().containsKey("from") || command.attributes().containsKey("to")) {
            throw new IllegalArgumentException("M-Bus meters have no load profile to be read from a time on");
        }
        List<String> paths = command.paths().stream()
                .filter(path -> !path.equals(ALL))
                .map(path -> Obis.parse(path).toString())
                .toList();
        return new ReadDialogue(meter, paths, context);
    }

    private static Dialogue write(Command command, MeterAddress meter, DialogueContext context) {
        String path = command.paths().get(0);
        if (!path.equals(CLOCK) || !(command.values().get(path) instanceof Instant time)) {
            throw new IllegalArgumentException("of M-Bus meters the clock " + CLOCK + " can be written, with a time");
        }
        // The time given is true now; what is sent later is later by as much.
        return new ClockDialogue(meter, Duration.between(context.now(), time), context);
    }
}
