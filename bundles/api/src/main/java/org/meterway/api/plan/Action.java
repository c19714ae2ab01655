// SPDX-License-Identifier: EPL-2.0
package org.meterway.api.plan;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * What is done at a meter. Registers are named by OBIS code ({@code 1-0:1.8.0}) or, over LwM2M, by path ({@code /3305/0/5805}); an
 * OBIS code is looked up in the meter's device model. No register at all means those the device model calls billing registers, or
 * all of its registers if it has no such.
 */
public sealed interface Action {
    /**
     * Whether doing it twice, or without knowing whether it was done, can do harm. Work with side effects is carried out at most
     * once per order and never tried again.
     */
    default boolean sideEffects() {
        return true;
    }

    /**
     * Reads what registers show now.
     *
     * @param registers at most 64
     */
    record ReadRegisters(List<String> registers) implements Action {
        public ReadRegisters {
            registers = named(registers);
        }

        @Override
        public boolean sideEffects() {
            return false;
        }
    }

    /**
     * Reads a range of the load profile: what was recorded from {@code due − back} on, for so long.
     *
     * @param registers at most 64
     * @param back how long before the due time the range begins, positive, at most 400 days
     * @param length how long it is, positive, at most {@code back}
     */
    record ReadProfile(List<String> registers, Duration back, Duration length) implements Action {
        public ReadProfile {
            registers = named(registers);
            if (back.isNegative() || back.isZero() || back.compareTo(Duration.ofDays(400)) > 0) {
                throw new IllegalArgumentException("back must be above 0 and at most 400 days, was " + back);
            }
            if (length.isNegative() || length.isZero() || length.compareTo(back) > 0) {
                throw new IllegalArgumentException(
                        "length must be above 0 and at most back (" + back + "), was " + length);
            }
        }

        /** The first moment of the range for work due at this time. */
        public Instant from(Instant due) {
            return due.minus(back);
        }

        /** The end of the range, exclusive. */
        public Instant to(Instant due) {
            return from(due).plus(length);
        }

        @Override
        public boolean sideEffects() {
            return false;
        }
    }

    /** Sets the meter's clock to the time at which the command is sent. */
    record SetTime() implements Action {}

    /**
     * Connects or disconnects a customer's supply.
     *
     * @param connect true to connect, false to disconnect
     */
    record Switch(boolean connect) implements Action {}

    /**
     * Writes one value.
     *
     * @param path LwM2M path of a resource, or OBIS code
     * @param value text, {@link Number} or {@link Boolean}
     */
    record Write(String path, Object value) implements Action {
        public Write {
            requirePath(path);
            if (!(value instanceof String || value instanceof Number || value instanceof Boolean)) {
                throw new IllegalArgumentException("the value to write must be a text, a number or true or false");
            }
        }
    }

    /**
     * Executes a resource or object.
     *
     * @param path LwM2M path of a resource, or OBIS code
     * @param arguments argument text (LwM2M Core 1.1, 6.3.5), or empty
     */
    record Execute(String path, String arguments) implements Action {
        public Execute {
            requirePath(path);
            requireNonNull(arguments, "arguments");
        }
    }

    /**
     * One step of a firmware update (LwM2M Core 1.1, E.6): tells the meter to fetch a package, or to install the one it has fetched.
     *
     * @param packageUri where the meter fetches the package; empty to install
     */
    record Firmware(String packageUri) implements Action {
        public Firmware {
            requireNonNull(packageUri, "packageUri");
            if (packageUri.length() > 255) {
                throw new IllegalArgumentException(
                        "packageUri must be at most 255 characters (LwM2M Core 1.1, E.6), was " + packageUri.length());
            }
        }
    }

    private static List<String> named(List<String> registers) {
        if (registers.size() > 64) {
            throw new IllegalArgumentException("at most 64 registers are read at once, were " + registers.size());
        }
        registers.forEach(Action::requirePath);
        return List.copyOf(registers);
    }

    private static void requirePath(String path) {
        if (!path.matches(
                "(/\\d{1,5}|/\\*){1,4}|\\d{1,3}-\\d{1,3}:\\d{1,3}\\.\\d{1,3}(\\.\\d{1,3})?([*&.]\\d{1,3})?")) {
            throw new IllegalArgumentException(
                    "'" + path + "' is neither an LwM2M path like /3305/0/5805 nor an OBIS code like 1-0:1.8.0");
        }
    }
}
