// SPDX-License-Identifier: EPL-2.0
package org.meterway.dtmf;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import org.meterway.api.reading.Reading;

/** Writes readings as frames (README, "The frame"). */
final class FrameWriter {
    private static final int LONGEST = 99;
    private static final DateTimeFormatter MINUTES = DateTimeFormatter.ofPattern("'D'uuMMddHHmm");
    private static final DateTimeFormatter SECONDS = DateTimeFormatter.ofPattern("'D'uuMMddHHmmss");

    private final String address;
    private final List<String> bodies = new ArrayList<>();
    private StringBuilder body = new StringBuilder();
    private String time = "";

    private FrameWriter(String address) {
        this.address = address;
    }

    /**
     * The digits of as many frames as are needed.
     *
     * @throws IllegalArgumentException if the address is not 1–12 digits, there are no readings, or one cannot be carried
     */
    static String digits(String address, List<Reading> readings) {
        if (!address.matches("[0-9]{1,12}")) {
            throw new IllegalArgumentException("address must be 1–12 digits, was '" + address + "'");
        }
        if (readings.isEmpty()) {
            throw new IllegalArgumentException("a frame has at least one value");
        }
        FrameWriter writer = new FrameWriter(address);
        readings.forEach(writer::add);
        writer.end();
        StringBuilder digits = new StringBuilder();
        writer.bodies.forEach(digits::append);
        return digits.toString();
    }

    private void add(Reading reading) {
        Quantities.Entry entry = Quantities.of(reading.quantity())
                .orElseThrow(() -> new IllegalArgumentException("no short code for " + reading.quantity()));
        String at = time(reading.start());
        String code = Integer.toString(100 + entry.code()).substring(1);
        String number = reading.value().abs().toPlainString().replace('.', 'C');
        String value = "A" + code + (reading.value().signum() < 0 ? "B" : "") + number;
        String added = (at.equals(time) ? "" : at) + value;
        if (body.length() > 0 && 4 + address.length() + body.length() + added.length() > LONGEST) {
            end();
            added = at + value;
        }
        time = at;
        body.append(added);
    }

    private static String time(Instant start) {
        var utc = start.atOffset(ZoneOffset.UTC);
        if (utc.getYear() < 2000 || utc.getYear() > 2099 || utc.getNano() != 0) {
            throw new IllegalArgumentException("times are whole seconds of the years 2000–2099, was " + start);
        }
        return (utc.getSecond() == 0 ? MINUTES : SECONDS).format(utc);
    }

    private void end() {
        int length = 4 + address.length() + body.length();
        String checked = Integer.toString(100 + length).substring(1) + address + body;
        bodies.add('*' + checked + Check.digits(checked) + '#');
        body = new StringBuilder();
    }
}
