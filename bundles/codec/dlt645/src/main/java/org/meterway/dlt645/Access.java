// SPDX-License-Identifier: EPL-2.0
package org.meterway.dlt645;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.meterway.api.line.DialogueContext;
import org.meterway.api.meter.LineAddress;

/**
 * How a meter is to be spoken to: its address and the options of its line address.
 *
 * @param address whom to ask
 * @param edition option {@code edition}: 2007 (default) or 1997
 * @param options the others
 * @param context key and clock
 */
record Access(MeterAddress address, Edition edition, Map<String, String> options, DialogueContext context) {
    private static final List<String> KNOWN =
            List.of("edition", "operator", "passwordLevel", "clock", "connect", "validMinutes", "records");

    static Access of(LineAddress line, DialogueContext context) {
        for (String option : line.options().keySet()) {
            if (!KNOWN.contains(option)) {
                throw new IllegalArgumentException("dlt645 has no option " + option + ", it has " + KNOWN);
            }
        }
        String edition = line.options().getOrDefault("edition", "2007");
        if (!edition.equals("2007") && !edition.equals("1997")) {
            throw new IllegalArgumentException("edition must be 2007 or 1997, was '" + edition + "'");
        }
        return new Access(MeterAddress.of(line), Edition.valueOf("E" + edition), Map.copyOf(line.options()), context);
    }

    /** Refuses to change anything at a meter that is not named. */
    Access single() {
        if (!address.single()) {
            throw new IllegalArgumentException("this needs the address of one meter, not " + address.digits());
        }
        return this;
    }

    /** Refuses what the 1997 edition has not. */
    Access since2007(String what) {
        if (edition != Edition.E2007) {
            throw new IllegalArgumentException(what + " came with the 2007 edition");
        }
        return this;
    }

    /**
     * An option that is one of these, the first by default.
     *
     * @throws IllegalArgumentException if it is none of them
     */
    String choice(String option, String... choices) {
        String chosen = options.getOrDefault(option, choices[0]);
        if (!List.of(choices).contains(chosen)) {
            throw new IllegalArgumentException(
                    option + " must be one of " + List.of(choices) + ", was '" + chosen + "'");
        }
        return chosen;
    }

    /** An option that is a number. */
    int number(String option, int otherwise, int least, int most) {
        String text = options.getOrDefault(option, String.valueOf(otherwise));
        if (!text.matches("[0-9]{1,6}") || Integer.parseInt(text) < least || Integer.parseInt(text) > most) {
            throw new IllegalArgumentException(option + " must be " + least + "–" + most + ", was '" + text + "'");
        }
        return Integer.parseInt(text);
    }

    /** Level and password, and in the 2007 edition the operator (2007: 7.4). The key has three bytes as written, or four with the level. */
    byte[] authority() {
        byte[] key = context.key("password")
                .orElseThrow(() -> new IllegalArgumentException("the meter has no key 'password'"));
        if (key.length != 3 && key.length != 4) {
            throw new IllegalArgumentException(
                    "the password has 3 bytes, or 4 with its level in front; this has " + key.length);
        }
        byte[] level = key.length == 4 ? new byte[] {key[0]} : reversed("passwordLevel", "02", 1);
        byte[] password = reverse(Arrays.copyOfRange(key, key.length - 3, key.length));
        byte[] operator = edition == Edition.E2007 ? reversed("operator", "00000000", 4) : new byte[0];
        return concat(level, password, operator);
    }

    private byte[] reversed(String option, String otherwise, int bytes) {
        String hex = options.getOrDefault(option, otherwise);
        if (!hex.matches("[0-9A-Fa-f]{" + 2 * bytes + "}")) {
            throw new IllegalArgumentException(option + " must have " + 2 * bytes + " hexadecimal digits");
        }
        return reverse(HexFormat.of().parseHex(hex));
    }

    /** The clock's time a while from now in the meter's zone, for commands that are valid until then. */
    LocalDateTime local(Duration fromNow) {
        return local(context.now().plus(fromNow));
    }

    LocalDateTime local(Instant instant) {
        return LocalDateTime.ofInstant(instant, context.timeZone());
    }

    /** An identifier as sent. */
    byte[] identifier(int di) {
        byte[] bytes = new byte[edition.identifierLength()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (di >>> 8 * i);
        }
        return bytes;
    }

    /** A time as sent, parts as {@link Format} names them. */
    static byte[] time(LocalDateTime time, String parts) {
        byte[] bytes = new byte[parts.length() / 2];
        for (int i = 0; i < bytes.length; i++) {
            int value =
                    switch (parts.substring(2 * i, 2 * i + 2)) {
                        case "YY" -> time.getYear() % 100;
                        case "MM" -> time.getMonthValue();
                        case "DD" -> time.getDayOfMonth();
                        case "WW" -> time.getDayOfWeek().getValue() % 7;
                        case "hh" -> time.getHour();
                        case "mm" -> time.getMinute();
                        default -> time.getSecond();
                    };
            bytes[bytes.length - 1 - i] = (byte) (value / 10 << 4 | value % 10);
        }
        return bytes;
    }

    static byte[] reverse(byte[] bytes) {
        byte[] reversed = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            reversed[i] = bytes[bytes.length - 1 - i];
        }
        return reversed;
    }

    static byte[] concat(byte[]... pieces) {
        int length = Arrays.stream(pieces).mapToInt(piece -> piece.length).sum();
        byte[] all = new byte[length];
        int at = 0;
        for (byte[] piece : pieces) {
            System.arraycopy(piece, 0, all, at, piece.length);
            at += piece.length;
        }
        return all;
    }
}
