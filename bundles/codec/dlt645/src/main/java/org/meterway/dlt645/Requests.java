// SPDX-License-Identifier: EPL-2.0
package org.meterway.dlt645;

import java.util.Map;
import org.meterway.api.codec.FrameRejectedException;

/** Says what the data of frames mean that carry no values: requests, and answers other than those to a read. */
final class Requests {
    private static final Map<Integer, String> COMMANDS = Map.ofEntries(
            Map.entry(0x1A, "disconnect"),
            Map.entry(0x1B, "allow connection"),
            Map.entry(0x1C, "connect"),
            Map.entry(0x1D, "announce, then disconnect"),
            Map.entry(0x1E, "announce, then disconnect for a time"),
            Map.entry(0x2A, "alarm"),
            Map.entry(0x2B, "end of alarm"),
            Map.entry(0x3A, "keep connected"),
            Map.entry(0x3B, "end of keeping connected"));
    private static final String[] TERMINAL = {"clock seconds", "demand period", "switch of periods"};
    private static final int ANY = 0x99;
    private static final Format TIME = Format.parse("YYMMDDhhmmss");
    private static final Format MINUTE = Format.parse("YYMMDDhhmm");
    private final Output output;
    private final Run run;
    private int at;

    Requests(Output output, Run run) {
        this.output = output;
        this.run = run;
    }

    /** A request from a master. */
    void request(Function function) throws FrameRejectedException {
        switch (function) {
            case READ, READ_97 -> read(function.edition());
            case READ_FOLLOWING -> {
                identifier(function.edition());
                hex("sequence number", 1);
            }
            case READ_FOLLOWING_97 -> identifier(function.edition());
            case WRITE -> {
                int di = identifier(function.edition());
                authority(true);
                written(function.edition(), di);
            }
            case WRITE_97 -> {
                int di = identifier(function.edition());
                authority(false);
                written(function.edition(), di);
            }
            case WRITE_ADDRESS, WRITE_ADDRESS_97 -> hex("new address", 6);
            case BROADCAST_TIME -> time("time", TIME);
            case FREEZE -> freeze();
            case CHANGE_RATE, CHANGE_RATE_97 -> rate(function);
            case CHANGE_PASSWORD, CHANGE_PASSWORD_97 -> {
                if (function == Function.CHANGE_PASSWORD) {
                    identifier(function.edition());
                }
                authority(false);
                secret("new password", 4);
            }
            case CLEAR_DEMAND, CLEAR_METER -> authority(true);
            case CLEAR_DEMAND_97 -> {
                if (run.length() > 0) {
                    authority(false);
                }
            }
            case CLEAR_EVENTS -> {
                authority(true);
                hex("events", 4);
            }
            case CONTROL -> control();
            case TERMINAL -> terminal();
            case SECURITY -> security();
            case READ_ADDRESS, READ_AGAIN_97 -> {}
        }
        rest();
    }

    /** A meter's answer without values. */
    void answer(Function function) throws FrameRejectedException {
        switch (function) {
            case READ_ADDRESS -> hex("address", 6);
            case CHANGE_RATE, CHANGE_RATE_97 -> {
                if (run.length() > 0) {
                    rate(function);
                }
            }
            case CHANGE_PASSWORD, CHANGE_PASSWORD_97 -> {
                if (run.length() > 0) {
                    secret("new password", 4);
                }
            }
            case TERMINAL -> terminal();
            case SECURITY -> security();
            default -> {}
        }
        rest();
    }

    /** A meter's refusal: bits of an error word. */
    void refusal(Function function) throws FrameRejectedException {
        boolean security = function.edition() == Edition.E2007 && run.length() == 2;
        int bytes = security ? 2 : 1;
        run.require(0, bytes, "error word");
        String word = security ? "security" : function.edition().errorWord();
        field("error word", bytes, Words.text(word, run.number(0, bytes), bytes));
        rest();
    }

    private void read(Edition edition) throws FrameRejectedException {
        int di = identifier(edition);
        if (run.length() == at) {
            return;
        }
        if (edition == Edition.E2007 && di >>> 24 == 0x06 && run.length() - at >= 6) {
            hex("number of records", 1);
            time("from", MINUTE);
        } else if (edition == Edition.E2007 && run.length() - at == 1) {
            hex("number of records", 1);
        }
    }

    private int identifier(Edition edition) throws FrameRejectedException {
        int bytes = edition.identifierLength();
        run.require(at, bytes, "data identifier");
        int di = run.number(at, bytes);
        DataTable.Meaning meaning = DataTable.of(edition).find(edition, di);
        field(
                "data identifier",
                bytes,
                edition.identifier(di)
                        + (meaning == null ? "" : " " + meaning.entry().name()));
        return di;
    }

    /** Password with its level, and in 2007 who acts. */
    private void authority(boolean operator) throws FrameRejectedException {
        hex("password level", 1);
        secret("password", 3);
        if (operator) {
            hex("operator", 4);
        }
    }

    private void written(Edition edition, int di) throws FrameRejectedException {
        DataTable.Meaning meaning = DataTable.of(edition).find(edition, di);
        Layout layout = meaning == null ? null : meaning.entry().layout();
        if (layout == null || layout.length() != run.length() - at) {
            return;
        }
        at = new Decoding(output)
                .written(
                        layout,
                        meaning.match().variables(),
                        run,
                        at,
                        meaning.entry().name());
    }

    private void control() throws FrameRejectedException {
        authority(true);
        run.require(at, 2, "control command");
        int command = run.at(at);
        field("command", 1, LinkFrame.hex(command) + " " + COMMANDS.getOrDefault(command, "unknown"));
        hex("command parameter", 1);
        time("valid until", TIME);
    }

    private void terminal() throws FrameRejectedException {
        run.require(at, 1, "terminal signal");
        int signal = run.at(at);
        field("terminal signal", 1, signal < TERMINAL.length ? TERMINAL[signal] : "unknown " + LinkFrame.hex(signal));
    }

    private void security() throws FrameRejectedException {
        identifier(Edition.E2007);
        if (run.length() - at >= 4) {
            hex("operator", 4);
        }
    }

    private void rate(Function function) throws FrameRejectedException {
        run.require(at, 1, "rate");
        String word = function.edition() == Edition.E2007 ? Words.text("baud", run.at(at), 1) : run.value(at, 1);
        field("rate", 1, word);
    }

    private void freeze() throws FrameRejectedException {
        run.require(at, 4, "freeze time");
        int month = run.at(at + 3);
        int day = run.at(at + 2);
        int hour = run.at(at + 1);
        int minute = run.at(at);
        String when;
        if (minute == ANY) {
            when = "now";
        } else if (hour == ANY) {
            when = "every hour at minute " + LinkFrame.hex(minute);
        } else if (day == ANY) {
            when = "every day at " + LinkFrame.hex(hour) + ":" + LinkFrame.hex(minute);
        } else {
            when = (month == ANY ? "every month on day " : "on " + LinkFrame.hex(month) + "-") + LinkFrame.hex(day)
                    + " at " + LinkFrame.hex(hour) + ":" + LinkFrame.hex(minute);
        }
        field("freeze", 4, when);
    }

    private void time(String name, Format format) throws FrameRejectedException {
        run.require(at, format.bytes(), name);
        field(
                name,
                format.bytes(),
                Values.dateTime(run, at, format, name).map(String::valueOf).orElse("none"));
    }

    private void hex(String name, int bytes) throws FrameRejectedException {
        run.require(at, bytes, name);
        field(name, bytes, run.value(at, bytes));
    }

    private void secret(String name, int bytes) throws FrameRejectedException {
        run.require(at, bytes, name);
        field(name, bytes, "(not shown)");
    }

    private void field(String name, int bytes, String meaning) {
        output.field(run, at, bytes, name + ": " + meaning);
        at += bytes;
    }

    private void rest() {
        if (at < run.length()) {
            output.field(run, at, run.length() - at, "data: " + run.wire(at, run.length()));
            at = run.length();
        }
    }
}
