// SPDX-License-Identifier: EPL-2.0
package org.meterway.iec62056;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.ArrayList;
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
 * Asks meters in the modes of IEC 62056-21. Paths are OBIS codes or the meter's own addresses ({@code F.F}, {@code C.1.0}). Thread-safe,
 * without state.
 */
@Component
public final class Iec62056LineProtocol implements LineProtocol {
    /** The standard's: 300 7E1 at first, 200 ms to 1.5 s of reaction, at most 1.5 s between characters (6.4.3). */
    static final LineSettings USUAL = LineSettings.of(300, 7, Parity.EVEN, 1)
            .withTimeouts(Duration.ofMillis(200), Duration.ofMillis(1500), Duration.ofMillis(2200));

    private static final String CLOCK = "0-0:1.0.0";
    private static final int LOAD_PROFILE = 99;

    @Override
    public String name() {
        return "iec62056";
    }

    @Override
    public LineSettings settings() {
        return USUAL;
    }

    @Override
    public List<LineSettings> otherSettings() {
        Stream<LineSettings> even = Stream.of(9600, 2400, 4800, 19200).map(USUAL::withBaud);
        Stream<LineSettings> none =
                Stream.of(300, 9600, 115_200).map(baud -> USUAL.withBaud(baud).withFormat(8, Parity.NONE, 1));
        return Stream.concat(even, none).toList();
    }

    @Override
    public Dialogue probe(LineAddress address, DialogueContext context) {
        Access access = Access.of(address, context);
        return access.mode().equals("push")
                ? new PushDialogue(access, List.of())
                : new Session(access, Session.Purpose.PROBE, List.of(), List.of());
    }

    @Override
    public Dialogue dialogue(Command command, LineAddress address, DialogueContext context) {
        Access access = Access.of(address, context);
        return switch (command.operation()) {
            case READ, READ_COMPOSITE -> read(command, access);
            case WRITE -> write(command, access);
            default -> throw new IllegalArgumentException("IEC 62056-21 has no " + command.operation());
        };
    }

    private static Dialogue read(Command command, Access access) {
        List<String> paths = command.paths();
        paths.forEach(Iec62056LineProtocol::checked);
        if (access.mode().equals("push")) {
            return new PushDialogue(access, paths);
        }
        if (access.mode().equals("hdlc")) {
            return new Session(access, Session.Purpose.HDLC, paths, List.of());
        }
        if (command.attributes().containsKey("from") || command.attributes().containsKey("to")) {
            return profile(command, access);
        }
        if (access.readCommand().isEmpty()) {
            return new Session(access, Session.Purpose.READOUT, paths, List.of());
        }
        List<Session.Request> requests = new ArrayList<>();
        for (String path : paths) {
            requests.add(new Session.Request(path, access.readCommand(), meterAddress(path) + "()"));
        }
        return new Session(access, Session.Purpose.PROGRAMMING, paths, requests);
    }

    private static Dialogue profile(Command command, Access access) {
        Instant from = time(command, "from", null);
        Instant to = time(command, "to", access.context().now());
        if (to.isBefore(from)) {
            throw new IllegalArgumentException("to must not be before from");
        }
        // 1-0:99.1.0 is the first load profile, P.01, 99.2.0 the second; any register is looked for in the first.
        String path = command.paths().get(0);
        Obis obis = Obis.isObis(path) ? Obis.parse(path) : Obis.parse("1-0:99.1.0");
        int number = obis.c() == LOAD_PROFILE && obis.d() >= 1 && obis.d() <= 99 ? obis.d() : 1;
        String data = String.format("P.%02d(%s;%s)", number, access.profileTime(from), access.profileTime(to));
        return new Session(
                access,
                Session.Purpose.PROGRAMMING,
                List.of(path),
                List.of(new Session.Request(path, access.profileCommand(), data)));
    }

    private static Instant time(Command command, String name, @org.jspecify.annotations.Nullable Instant otherwise) {
        String text = command.attributes().get(name);
        if (text == null && otherwise != null) {
            return otherwise;
        }
        try {
            return Instant.parse(String.valueOf(text));
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    "a load profile needs the attribute " + name + ", a time as 2026-11-20T00:00:00Z, was '" + text
                            + "'",
                    e);
        }
    }

    private static Dialogue write(Command command, Access access) {
        String path = checked(command.paths().get(0));
        Object value = command.values().get(path);
        String write = access.writeCommand();
        List<Session.Request> requests;
        if (path.equals(CLOCK) && value instanceof Instant time) {
            LocalDateTime local = LocalDateTime.ofInstant(time, access.context().timeZone());
            requests = List.of(
                    new Session.Request(path, write, "0.9.2(" + Access.format(local, "yyMMdd") + ")"),
                    new Session.Request(path, write, "0.9.1(" + Access.format(local, "HHmmss") + ")"));
        } else if (value instanceof String || value instanceof Number) {
            String text = value.toString();
            if (!text.matches("[ -~&&[^()/!]]{0,128}")) {
                throw new IllegalArgumentException("a value of IEC 62056-21 has up to 128 characters without ( ) / !");
            }
            requests = List.of(new Session.Request(path, write, meterAddress(path) + "(" + text + ")"));
        } else {
            throw new IllegalArgumentException(
                    "of IEC 62056-21 meters the clock " + CLOCK + " can be written with a time, others with a text");
        }
        return new Session(access, Session.Purpose.PROGRAMMING, List.of(path), requests);
    }

    private static String checked(String path) {
        if (!path.matches("[0-9A-Za-z.:*&-]{1,32}")) {
            throw new IllegalArgumentException("IEC 62056-21 has no address '" + path + "'");
        }
        return path;
    }

    /** The address as the meter knows it: of electricity registers the reduced form. */
    private static String meterAddress(String path) {
        if (!Obis.isObis(path)) {
            return path;
        }
        Obis obis = Obis.parse(path);
        String reduced = obis.c() + "." + obis.d() + "." + obis.e() + (obis.f() == 255 ? "" : "*" + obis.f());
        return obis.a() <= 1 && obis.b() == 0 ? reduced : obis.a() + "-" + obis.b() + ":" + reduced;
    }
}
