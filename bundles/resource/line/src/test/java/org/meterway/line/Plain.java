// SPDX-License-Identifier: EPL-2.0
package org.meterway.line;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.meterway.api.channel.Answer;
import org.meterway.api.channel.Command;
import org.meterway.api.line.Dialogue;
import org.meterway.api.line.DialogueContext;
import org.meterway.api.line.LineProtocol;
import org.meterway.api.line.LineSettings;
import org.meterway.api.line.Parity;
import org.meterway.api.meter.LineAddress;

/** A protocol of these tests: {@code ?ADDRESS PATH!} is answered by {@code <ADDRESS PATH=VALUE>}. */
final class Plain implements LineProtocol {
    static final LineSettings SETTINGS = LineSettings.of(9_600, 8, Parity.NONE, 1)
            .withTimeouts(Duration.ofMillis(5), Duration.ofMillis(60), Duration.ofMillis(250));

    /** As a probe uses them: repeated once. */
    static final LineSettings SETTINGS_ONCE = new LineSettings(
            SETTINGS.baud(),
            SETTINGS.dataBits(),
            SETTINGS.parity(),
            SETTINGS.stopBits(),
            SETTINGS.turnaround(),
            SETTINGS.interByteTimeout(),
            SETTINGS.answerTimeout(),
            1);

    @Override
    public String name() {
        return "plain";
    }

    @Override
    public LineSettings settings() {
        return SETTINGS;
    }

    @Override
    public List<LineSettings> otherSettings() {
        return List.of(SETTINGS.withBaud(2_400), SETTINGS.withBaud(1_200).withFormat(8, Parity.EVEN, 1));
    }

    @Override
    public Dialogue dialogue(Command command, LineAddress address, DialogueContext context) {
        if (command.operation() != Command.Operation.READ) {
            throw new IllegalArgumentException("plain meters are only read");
        }
        return new Question(address.address(), command.paths().get(0), true);
    }

    @Override
    public Dialogue probe(LineAddress address, DialogueContext context) {
        return new Question(address.address(), "id", false);
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Waits for its own answer and skips everything else. */
    static final class Question implements Dialogue {
        private final String address;
        private final String path;
        private final boolean reading;

        Question(String address, String path, boolean reading) {
            this.address = address;
            this.path = path;
            this.reading = reading;
        }

        private Send ask() {
            return Send.of(bytes("?" + address + " " + path + "!"));
        }

        @Override
        public Step start() {
            return ask();
        }

        @Override
        public Step received(byte[] received) {
            String text = new String(received, StandardCharsets.ISO_8859_1);
            String head = "<" + address + " " + path + "=";
            int start = text.indexOf(head);
            int end = start < 0 ? -1 : text.indexOf('>', start);
            if (end < 0) {
                return new Wait();
            }
            String value = text.substring(start + head.length(), end);
            Map<String, Object> values = new HashMap<>();
            if (!reading) {
                values.put("id", value);
            }
            Answer answer = new Answer(true, "2.05", "", values, "");
            return new Done(
                    answer,
                    reading
                            ? List.of(new LineFrame("application/x.plain", path, bytes(text.substring(start, end + 1))))
                            : List.of());
        }

        @Override
        public Step silence(byte[] received) {
            return ask();
        }
    }
}
