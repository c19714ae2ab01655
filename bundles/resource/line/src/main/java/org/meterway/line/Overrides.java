// SPDX-License-Identifier: EPL-2.0
package org.meterway.line;

import java.time.Duration;
import java.util.Locale;
import org.meterway.api.line.LineSettings;
import org.meterway.api.line.Parity;

/** What a line's configuration says against the settings of a protocol. */
final class Overrides {
    private final Config config;

    /** @throws IllegalArgumentException naming the key that is wrong */
    Overrides(Config config) {
        this.config = config;
        whole("baud", config.baud(), 0);
        whole("data.bits", config.data_bits(), 0);
        whole("stop.bits", config.stop_bits(), 0);
        whole("turnaround.millis", config.turnaround_millis(), -1);
        whole("inter.byte.millis", config.inter_byte_millis(), 0);
        whole("answer.millis", config.answer_millis(), 0);
        whole("retries", config.retries(), -1);
        if (!config.parity().isEmpty()) {
            parity(config.parity());
        }
        settings(LineSettings.of(9_600, 8, Parity.NONE, 1)); // says what is out of range
    }

    private static void whole(String key, int value, int least) {
        if (value < least) {
            throw new IllegalArgumentException(key + " must be at least " + least + ", was " + value);
        }
    }

    private static Parity parity(String name) {
        try {
            return Parity.valueOf(name.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("parity must be none, even or odd, was '" + name + "'");
        }
    }

    /** The settings an exchange begins with. */
    LineSettings settings(LineSettings protocol) {
        return times(new LineSettings(
                config.baud() > 0 ? config.baud() : protocol.baud(),
                config.data_bits() > 0 ? config.data_bits() : protocol.dataBits(),
                config.parity().isEmpty() ? protocol.parity() : parity(config.parity()),
                config.stop_bits() > 0 ? config.stop_bits() : protocol.stopBits(),
                protocol.turnaround(),
                protocol.interByteTimeout(),
                protocol.answerTimeout(),
                protocol.retries()));
    }

    /** Settings a protocol changes to during an exchange: rate and format are its own, the times those of this line. */
    LineSettings times(LineSettings protocol) {
        return new LineSettings(
                protocol.baud(),
                protocol.dataBits(),
                protocol.parity(),
                protocol.stopBits(),
                config.turnaround_millis() >= 0 ? Duration.ofMillis(config.turnaround_millis()) : protocol.turnaround(),
                config.inter_byte_millis() > 0
                        ? Duration.ofMillis(config.inter_byte_millis())
                        : protocol.interByteTimeout(),
                config.answer_millis() > 0 ? Duration.ofMillis(config.answer_millis()) : protocol.answerTimeout(),
                config.retries() >= 0 ? config.retries() : protocol.retries());
    }
}
