// SPDX-License-Identifier: EPL-2.0
package org.meterway.dlt645;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
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
 * Asks meters in DL/T 645. Paths are OBIS codes, or a data identifier as {@code DI:0201FF00} for what has no code. Thread-safe,
 * without state.
 */
@Component
public final class Dlt645LineProtocol implements LineProtocol {
    private static final String IDENTIFIER = "DI:";
    private static final Obis CLOCK = Obis.parse("0-0:1.0.0");
    private static final Obis DISCONNECTOR = Obis.parse("0-0:96.3.10");
    private static final Obis FREEZE = Obis.parse("0-0:96.130.0");
    private static final Obis END_OF_BILLING = Obis.parse("0-0:10.0.1");
    private static final Obis LOAD_PROFILE = Obis.parse("1-0:99.1.0");
    private static final int DISCONNECT = 0x1A;
    private static final int ALLOW_CONNECTION = 0x1B;
    private static final int CONNECT = 0x1C;

    /** The standard's: 20–500 ms to answer, at most 500 ms between bytes (2007: 5.2.7). */
    private static final LineSettings USUAL = LineSettings.of(2400, 8, Parity.EVEN, 1);

    @Override
    public String name() {
        return "dlt645";
    }

    @Override
    public LineSettings settings() {
        return USUAL;
    }

    @Override
    public List<LineSettings> otherSettings() {
        Stream<LineSettings> even = Stream.of(1200, 9600, 4800, 19200, 600).map(USUAL::withBaud);
        Stream<LineSettings> none =
                Stream.of(9600, 2400, 1200).map(baud -> USUAL.withBaud(baud).withFormat(8, Parity.NONE, 1));
        return Stream.concat(even, none).toList();
    }

    @Override
    public Dialogue probe(LineAddress address, DialogueContext context) {
        return new ProbeDialogue(Access.of(address, context));
    }

    @Override
    public Dialogue dialogue(Command command, LineAddress address, DialogueContext context) {
        Access access = Access.of(address, context);
        return switch (command.operation()) {
            case READ, READ_COMPOSITE -> read(command, access);
            case WRITE -> write(command, access);
            case EXECUTE -> execute(command, access);
            default -> throw new IllegalArgumentException("DL/T 645 has no " + command.operation());
        };
    }

    private static Dialogue read(Command command, Access access) {
        String first = command.paths().get(0);
        if (command.attributes().containsKey("from") || command.attributes().containsKey("to")) {
            return profile(command, access.since2007("load records"), Obis.parse(first));
        }
        if (command.paths().size() == 1 && first.equals(CLOCK.toString())) {
            return new ClockReadDialogue(access, first);
        }
        List<Integer> identifiers = new ArrayList<>();
        for (String path : command.paths()) {
            identifiers.add(identifier(path, access.edition()));
        }
        return new ReadDialogue(access, command.paths(), identifiers);
    }

    private static int identifier(String path, Edition edition) {
        if (path.startsWith(IDENTIFIER)) {
            String hex = path.substring(IDENTIFIER.length());
            if (!hex.matches("[0-9A-Fa-f]{" + 2 * edition.identifierLength() + "}")) {
                throw new IllegalArgumentException("a data identifier has " + 2 * edition.identifierLength()
                        + " hexadecimal digits, was '" + hex + "'");
            }
            return Integer.parseUnsignedInt(hex, 16);
        }
        Obis obis = Obis.parse(path);
        return DataTable.of(edition)
                .identifier(obis)
                .orElseThrow(() -> new IllegalArgumentException("DL/T 645 has no identifier for " + obis));
    }

    private static Dialogue profile(Command command, Access access, Obis obis) {
        int recordClass = obis.equals(LOAD_PROFILE) ? 0 : DataTable.OF_2007.loadRecordClass(obis);
        if (recordClass == 0 && !obis.equals(LOAD_PROFILE)) {
            throw new IllegalArgumentException("no load record of DL/T 645 has " + obis);
        }
        Instant from = time(command, "from")
                .orElseThrow(() -> new IllegalArgumentException("a load profile needs the attribute from"));
        Instant to = time(command, "to").orElseGet(() -> access.context().now());
        if (to.isBefore(from)) {
            throw new IllegalArgumentException("to must not be before from");
        }
        return new ProfileDialogue(access, recordClass, from, to);
    }

    private static Optional<Instant> time(Command command, String name) {
        try {
            return Optional.ofNullable(command.attributes().get(name)).map(Instant::parse);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(
                    name + " must be a time as 2026-11-20T00:00:00Z, was '"
                            + command.attributes().get(name) + "'",
                    e);
        }
    }

    private static Dialogue write(Command command, Access access) {
        String path = command.paths().get(0);
        Object value = command.values().get(path);
        if (!Obis.parse(path).equals(CLOCK) || !(value instanceof Instant)) {
            throw new IllegalArgumentException(
                    "of DL/T 645 meters the clock " + CLOCK + " can be written, with a time");
        }
        // The time given is true now; what is sent later is later by as much.
        Duration ahead = Duration.between(access.context().now(), (Instant) value);
        if (access.choice("clock", "write", "broadcast").equals("broadcast")) {
            return new BroadcastDialogue(
                    access, Function.BROADCAST_TIME, () -> Access.time(access.local(ahead), "YYMMDDhhmmss"));
        }
        byte[] authority = access.single().authority();
        Function function = access.edition() == Edition.E2007 ? Function.WRITE : Function.WRITE_97;
        Supplier<byte[]> date = () -> Access.concat(
                access.identifier(Clock.date(access.edition())),
                authority,
                Access.time(access.local(ahead), "YYMMDDWW"));
        Supplier<byte[]> time = () -> Access.concat(
                access.identifier(Clock.time(access.edition())), authority, Access.time(access.local(ahead), "hhmmss"));
        return new OrderDialogue(
                access,
                "setting the clock",
                true,
                List.of(new OrderDialogue.Order(function, date), new OrderDialogue.Order(function, time)));
    }

    private static Dialogue execute(Command command, Access access) {
        Obis obis = Obis.parse(command.paths().get(0));
        if (obis.equals(DISCONNECTOR)) {
            return control(
                    command.arguments().strip(), access.since2007("control").single());
        }
        if (obis.equals(FREEZE)) {
            byte[] now = {(byte) 0x99, (byte) 0x99, (byte) 0x99, (byte) 0x99};
            access.since2007("freezing");
            return access.address().equals(MeterAddress.BROADCAST)
                    ? new BroadcastDialogue(access, Function.FREEZE, () -> now)
                    : order(access.single(), "the freeze", Function.FREEZE, now);
        }
        if (obis.equals(END_OF_BILLING)) {
            Function function = access.edition() == Edition.E2007 ? Function.CLEAR_DEMAND : Function.CLEAR_DEMAND_97;
            return order(access.single(), "the demand reset", function, access.authority());
        }
        throw new IllegalArgumentException("DL/T 645 cannot execute " + obis + "; it can " + DISCONNECTOR + ", "
                + FREEZE + " and " + END_OF_BILLING);
    }

    private static Dialogue control(String argument, Access access) {
        Map<String, Integer> commands = Map.of(
                "disconnect",
                DISCONNECT,
                "connect",
                access.choice("connect", "allow", "direct").equals("allow") ? ALLOW_CONNECTION : CONNECT);
        Integer order = commands.get(argument);
        if (order == null) {
            throw new IllegalArgumentException("the disconnector takes connect or disconnect, was '" + argument + "'");
        }
        Duration valid = Duration.ofMinutes(access.number("validMinutes", 5, 1, 1440));
        byte[] plain = Access.concat(
                access.authority(),
                new byte[] {order.byteValue(), 0},
                Access.time(access.local(valid), "YYMMDDhhmmss"));
        return order(access, "'" + argument + "'", Function.CONTROL, plain);
    }

    private static Dialogue order(Access access, String what, Function function, byte[] plain) {
        return new OrderDialogue(access, what, false, List.of(new OrderDialogue.Order(function, () -> plain)));
    }
}
