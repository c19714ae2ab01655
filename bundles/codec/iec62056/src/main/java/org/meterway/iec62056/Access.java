// SPDX-License-Identifier: EPL-2.0
package org.meterway.iec62056;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.meterway.api.line.DialogueContext;
import org.meterway.api.line.LineSettings;
import org.meterway.api.meter.LineAddress;

/** How one meter is reached: its address, its line options and what they mean for the messages. */
final class Access {
    private static final int LONGEST_ADDRESS = 32;
    private static final Set<String> OPTIONS =
            Set.of("mode", "rate", "startBaud", "read", "write", "password", "identity", "profile", "profileTime");

    private final String address;
    private final Map<String, String> options;
    private final DialogueContext context;

    private Access(String address, Map<String, String> options, DialogueContext context) {
        this.address = address;
        this.options = options;
        this.context = context;
    }

    /** @throws IllegalArgumentException if the address or an option is wrong */
    static Access of(LineAddress line, DialogueContext context) {
        if (!line.address().matches("[0-9A-Za-z .-]{0," + LONGEST_ADDRESS + "}")) {
            throw new IllegalArgumentException(
                    "an address of IEC 62056-21 has up to 32 letters, digits, spaces, '.' and '-', was '"
                            + line.address() + "'");
        }
        for (String option : line.options().keySet()) {
            if (!OPTIONS.contains(option)) {
                throw new IllegalArgumentException("IEC 62056-21 has no option '" + option + "'; it has "
                        + OPTIONS.stream().sorted().toList());
            }
        }
        Access access = new Access(line.address(), line.options(), context);
        access.mode();
        access.switchesRate();
        access.start();
        access.readCommand();
        access.writeCommand();
        access.passwordCommand();
        access.checksIdentity();
        access.profileCommand();
        access.profileTime(context.now());
        return access;
    }

    DialogueContext context() {
        return context;
    }

    String address() {
        return address;
    }

    private String choice(String option, String... allowed) {
        String value = options.getOrDefault(option, allowed[0]);
        for (String one : allowed) {
            if (one.equalsIgnoreCase(value)) {
                return one;
            }
        }
        throw new IllegalArgumentException(
                "option " + option + " must be one of " + String.join(", ", allowed) + ", was '" + value + "'");
    }

    /** What the meter does: answer a sign-on, push by itself, or take to HDLC. */
    String mode() {
        return choice("mode", "auto", "push", "hdlc");
    }

    /** Whether the line changes its rate with the meter. */
    boolean switchesRate() {
        return choice("rate", "switch", "fixed").equals("switch");
    }

    /** The settings the meter is woken at. */
    LineSettings start() {
        String baud = options.getOrDefault("startBaud", "300");
        if (!baud.matches("[1-9][0-9]{2,5}")) {
            throw new IllegalArgumentException("option startBaud must be 100 to 999999, was '" + baud + "'");
        }
        return Iec62056LineProtocol.USUAL.withBaud(Integer.parseInt(baud));
    }

    /** Empty for reading all by readout, else the command that reads one object. */
    String readCommand() {
        String command = choice("read", "readout", "R1", "R2", "R5", "R6");
        return command.equals("readout") ? "" : command;
    }

    String writeCommand() {
        return choice("write", "W1", "W2", "W5");
    }

    String profileCommand() {
        return choice("profile", "R5", "R6", "R1");
    }

    String passwordCommand() {
        return choice("password", "P1", "P2");
    }

    Optional<byte[]> password() {
        return context.key("password");
    }

    /** Whether a readout must be of the meter with this address. */
    boolean checksIdentity() {
        return choice("identity", "check", "ignore").equals("check") && !address.isBlank();
    }

    /** A time of the meter's clock as the bounds of a load profile are written. */
    String profileTime(Instant instant) {
        LocalDateTime local = LocalDateTime.ofInstant(instant, context.timeZone());
        boolean summer = context.timeZone().getRules().isDaylightSavings(instant);
        return switch (choice("profileTime", "ZYYMMDDhhmm", "YYMMDDhhmm", "ZYYMMDDhhmmss", "YYMMDDhhmmss")) {
            case "YYMMDDhhmm" -> format(local, "yyMMddHHmm");
            case "ZYYMMDDhhmmss" -> (summer ? "1" : "0") + format(local, "yyMMddHHmmss");
            case "YYMMDDhhmmss" -> format(local, "yyMMddHHmmss");
            default -> (summer ? "1" : "0") + format(local, "yyMMddHHmm");
        };
    }

    static String format(LocalDateTime local, String pattern) {
        return DateTimeFormatter.ofPattern(pattern, Locale.ROOT).format(local);
    }
}
