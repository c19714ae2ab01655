// SPDX-License-Identifier: EPL-2.0
package org.meterway.iec62056;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.meterway.api.channel.Answer;
import org.meterway.api.codec.ContentTypes;
import org.meterway.api.codec.FrameRejectedException;
import org.meterway.api.line.Dialogue;
import org.meterway.api.line.LineSettings;

/**
 * One session with one meter that answers a sign-on (IEC 62056-21, 6.4): mode A sends its data at once, mode B at another rate, mode C
 * after an acknowledgement, which also chooses between the readout and programming; mode E is announced only. A block with a wrong
 * check is asked for again; a meter that falls silent is woken anew.
 */
final class Session implements Dialogue {
    private static final int MOST_REPEATS = 3;
    private static final int MOST_BLOCKS = 256;
    private static final int MOST_BYTES = 1 << 18;
    /** So many bytes of a block that came are progress, so that a slow long readout is not taken for a dead meter. */
    private static final int PROGRESS = 96;

    private static final byte[] NOTHING = new byte[0];
    private static final byte[] NAK = {Text.NAK};
    private static final byte[] ACK = {Text.ACK};
    private static final byte[] BREAK = Wire.command("B0", null);

    private enum State {
        SIGNED_ON,
        RATE_CHANGES,
        READOUT,
        CHALLENGED,
        PASSWORD,
        REQUESTED,
        LEAVING,
        RETURNING
    }

    /** What the session is for. */
    enum Purpose {
        PROBE,
        READOUT,
        PROGRAMMING,
        HDLC
    }

    /**
     * One command in programming mode.
     *
     * @param path what it is for in the answer
     * @param command for example {@code R5}
     * @param data for example {@code 1.8.0()}
     */
    record Request(String path, String command, String data) {
        boolean writes() {
            return command.charAt(0) == 'W';
        }
    }

    private final Access access;
    private final Purpose purpose;
    private final List<String> paths;
    private final List<Request> requests;
    private final Map<String, Object> values = new LinkedHashMap<>();
    private final List<LineFrame> frames = new ArrayList<>();
    private final List<String> refusals = new ArrayList<>();
    private State state = State.SIGNED_ON;
    private byte[] head = NOTHING;
    private byte[] blocks = NOTHING;
    private byte[] lastSent = NOTHING;
    private char rate = '0';
    private int next;
    private int repeats;
    private int blockCount;
    private int seen;
    private @Nullable Done afterwards;

    /** @param paths what is read: all of a readout, or each by a request */
    Session(Access access, Purpose purpose, List<String> paths, List<Request> requests) {
        this.access = access;
        this.purpose = purpose;
        this.paths = List.copyOf(paths);
        this.requests = List.copyOf(requests);
    }

    @Override
    public Step start() {
        return ask(Wire.signOn(access.address()), State.SIGNED_ON, Optional.empty());
    }

    private Step ask(byte[] bytes, State then, Optional<LineSettings> before) {
        state = then;
        lastSent = bytes;
        seen = 0;
        return new Send(bytes, access.switchesRate() ? before : Optional.empty(), true);
    }

    @Override
    public Step received(byte[] received) {
        byte[] bytes = Wire.masked(received);
        return switch (state) {
            case SIGNED_ON -> identified(bytes, received);
            case READOUT -> readout(bytes, received);
            case CHALLENGED -> challenged(bytes);
            case PASSWORD -> admitted(bytes);
            case REQUESTED -> answered(bytes, received);
            default -> new Wait();
        };
    }

    @Override
    public Step silence(byte[] received) {
        byte[] bytes = Wire.masked(received);
        return switch (state) {
            case SIGNED_ON -> ask(lastSent, State.SIGNED_ON, Optional.of(access.start()));
            case RATE_CHANGES -> atNewRate();
            case LEAVING -> requireNonNull(afterwards);
            case RETURNING -> ask(Wire.signOn(access.address()), State.SIGNED_ON, Optional.of(access.start()));
            case CHALLENGED -> again();
            case READOUT, REQUESTED -> Wire.contains(bytes, Text.STX) ? repeat() : again();
            case PASSWORD -> ask(lastSent, State.PASSWORD, Optional.empty());
        };
    }

    /** Wakes the meter anew; out of programming mode it is sent off before. */
    private Step again() {
        blocks = NOTHING;
        blockCount = 0;
        if (purpose == Purpose.PROGRAMMING) {
            state = State.RETURNING;
            return new Send(BREAK, Optional.empty(), false);
        }
        return ask(Wire.signOn(access.address()), State.SIGNED_ON, Optional.of(access.start()));
    }

    private Step repeat() {
        if (++repeats > MOST_REPEATS) {
            return new Failed("a block with its check was expected, " + MOST_REPEATS + " repetitions brought none");
        }
        seen = 0;
        return Send.of(NAK);
    }

    private Step identified(byte[] bytes, byte[] received) {
        Wire.Identification found = Wire.identification(bytes);
        if (found == null) {
            return new Wait();
        }
        if (purpose == Purpose.PROBE) {
            Map<String, Object> who = new LinkedHashMap<>();
            who.put("manufacturer", found.manufacturer());
            who.put("identification", found.text());
            return new Done(new Answer(true, "2.05", found.manufacturer() + " " + found.text(), who, ""), List.of());
        }
        rate = found.rate();
        int baud = Rates.baud(rate);
        head = Arrays.copyOfRange(received, found.from(), found.end());
        boolean modeC = rate >= '0' && rate <= '9';
        if (purpose == Purpose.HDLC && !found.modeE()) {
            return refused("the meter " + found.text() + " does not offer mode E");
        }
        if (modeC && baud == 0) {
            return new Failed("the meter's baud rate identification '" + rate + "' is reserved");
        }
        if (modeC) {
            char mode = purpose == Purpose.HDLC ? '2' : purpose == Purpose.PROGRAMMING ? '1' : '0';
            state = State.RATE_CHANGES;
            byte[] acknowledgement = Wire.acknowledgement(purpose == Purpose.HDLC ? '2' : '0', rate, mode);
            return new Send(acknowledgement, Optional.empty(), false);
        }
        if (purpose != Purpose.READOUT) {
            return refused("the meter " + found.text() + " is of mode " + (baud == 0 ? "A" : "B")
                    + " and only sends its readout");
        }
        state = State.READOUT;
        return baud == 0
                ? readout(bytes, received)
                : keepListening(Optional.of(access.start().withBaud(baud)));
    }

    private Step refused(String reason) {
        return new Done(new Answer(false, "4.05", reason, Map.of(), ""), List.of());
    }

    /** Listens on without losing what came; with settings to change to. */
    private Step keepListening(Optional<LineSettings> settings) {
        return new Send(NOTHING, access.switchesRate() ? settings : Optional.empty(), true);
    }

    private Step atNewRate() {
        LineSettings faster = access.start().withBaud(Rates.baud(rate));
        if (purpose == Purpose.HDLC) {
            return new Done(
                    new Answer(true, "2.04", "mode E announced: HDLC at " + Rates.baud(rate) + " baud", Map.of(), ""),
                    List.of());
        }
        state = purpose == Purpose.PROGRAMMING ? State.CHALLENGED : State.READOUT;
        return keepListening(Optional.of(faster));
    }

    private Step readout(byte[] bytes, byte[] received) {
        Wire.Block block = Wire.block(bytes, Text.STX);
        if (block == null) {
            if (Wire.contains(bytes, Text.STX) && bytes.length >= seen + PROGRESS) {
                seen = bytes.length;
                return keepListening(Optional.empty());
            }
            return new Wait();
        }
        Step more = collect(block, received);
        if (more != null) {
            return more;
        }
        byte[] readout = Wire.concat(head, blocks);
        if (access.checksIdentity() && !Answers.isOf(readout, access.address())) {
            return new Failed("the readout of meter " + access.address() + " was expected, that of another came");
        }
        frames.add(new LineFrame(ContentTypes.IEC62056, "", readout));
        String text = "";
        try {
            values.putAll(Answers.values(readout, Answers.decode(readout, "", access.context()), paths));
        } catch (FrameRejectedException rejected) {
            text = rejected.getMessage();
        }
        for (String path : paths) {
            if (!values.containsKey(path) && text.isEmpty()) {
                text = "the readout has no " + path;
            }
        }
        boolean found = !values.isEmpty();
        return new Done(new Answer(found, found ? "2.05" : "4.04", text, values, ""), frames);
    }

    /** Takes a block of an answer; null when it was the last. */
    private @Nullable Step collect(Wire.Block block, byte[] received) {
        if (!block.intact()) {
            return repeat();
        }
        repeats = 0;
        blocks = Wire.concat(blocks, Arrays.copyOfRange(received, block.from(), block.end()));
        if (!block.more()) {
            return null;
        }
        if (++blockCount == MOST_BLOCKS || blocks.length > MOST_BYTES) {
            return new Failed("the answer does not end: " + blockCount + " blocks, " + blocks.length + " bytes");
        }
        seen = 0;
        return Send.of(ACK);
    }

    /** The meter's P0 with the operand for a password, which plain passwords do not need. */
    private Step challenged(byte[] bytes) {
        Wire.Block block = Wire.block(bytes, Text.SOH);
        if (block == null) {
            return new Wait();
        }
        if (!block.intact()) {
            return repeat();
        }
        repeats = 0;
        if (!Wire.content(bytes, block).startsWith("P0")) {
            return new Failed("expected P0 after the acknowledgement, the meter sent "
                    + Wire.content(bytes, block).replaceAll("\\p{Cntrl}", "."));
        }
        Optional<byte[]> password = access.password();
        return password.isPresent()
                ? ask(
                        Wire.command(
                                access.passwordCommand(),
                                Wire.concat(Wire.concat(Wire.ascii("("), password.get()), Wire.ascii(")"))),
                        State.PASSWORD,
                        Optional.empty())
                : request();
    }

    private Step admitted(byte[] bytes) {
        if (Wire.contains(bytes, Text.ACK)) {
            repeats = 0;
            return request();
        }
        Wire.Block error = Wire.block(bytes, Text.STX);
        if (error != null && error.intact() || Wire.block(bytes, Text.SOH) != null) {
            return leave(new Answer(false, "4.01", "the meter refuses the password", Map.of(), ""));
        }
        if (!Wire.contains(bytes, Text.NAK)) {
            return new Wait();
        }
        return ++repeats > 1
                ? leave(new Answer(false, "4.01", "the meter refuses the password", Map.of(), ""))
                : ask(lastSent, State.PASSWORD, Optional.empty());
    }

    private Step request() {
        blocks = NOTHING;
        blockCount = 0;
        if (next == requests.size()) {
            boolean done = refusals.size() < requests.size();
            boolean wrote = requests.get(0).writes();
            return leave(new Answer(
                    done,
                    done ? wrote ? "2.04" : "2.05" : wrote ? "4.05" : "4.04",
                    String.join("; ", refusals),
                    values,
                    ""));
        }
        Request request = requests.get(next);
        return ask(Wire.command(request.command(), Wire.ascii(request.data())), State.REQUESTED, Optional.empty());
    }

    private Step answered(byte[] bytes, byte[] received) {
        Request request = requests.get(next);
        Wire.Block block = Wire.block(bytes, Text.STX);
        if (block != null) {
            Step more = collect(block, received);
            if (more != null) {
                return more;
            }
            take(request);
            next++;
            return request();
        }
        Wire.Block command = Wire.block(bytes, Text.SOH);
        if (command != null && command.intact() && Wire.content(bytes, command).startsWith("B")) {
            return new Done(
                    new Answer(false, "5.00", "the meter broke the session off at " + request.path(), values, ""),
                    frames);
        }
        if (Wire.contains(bytes, Text.STX)) {
            if (bytes.length >= seen + PROGRESS) {
                seen = bytes.length;
                return keepListening(Optional.empty());
            }
            return new Wait();
        }
        if (bytes[bytes.length - 1] == Text.ACK && request.writes()) {
            next++;
            return request();
        }
        if (bytes[bytes.length - 1] == Text.NAK) {
            if (++repeats > 1) {
                repeats = 0;
                refusals.add(request.path() + ": the meter refuses " + request.command());
                next++;
                return request();
            }
            return ask(lastSent, State.REQUESTED, Optional.empty());
        }
        return new Wait();
    }

    private void take(Request request) {
        byte[] masked = Wire.masked(blocks);
        String content = Wire.content(masked, requireNonNull(Wire.block(masked, Text.STX)));
        if (content.matches("[^()]{0,32}\\(?ER.*")) {
            refusals.add(request.path() + ": " + content.replaceAll("[\\p{Cntrl}()]", ""));
            return;
        }
        if (request.writes()) {
            return;
        }
        frames.add(new LineFrame(ContentTypes.IEC62056, request.path(), blocks));
        try {
            Map<String, Object> found = Answers.values(
                    blocks, Answers.decode(blocks, request.path(), access.context()), List.of(request.path()));
            if (!found.isEmpty()) {
                values.putAll(found);
            } else if (!request.data().startsWith("P.") && Answers.texts(blocks).size() == 1) {
                values.put(
                        request.path(),
                        Answers.texts(blocks).values().iterator().next());
            }
        } catch (FrameRejectedException rejected) {
            // Intake parks it and says so; who asked is told as well.
            refusals.add(request.path() + ": " + rejected.getMessage());
        }
    }

    /** Sends the meter off, then is done. */
    private Step leave(Answer answer) {
        afterwards = new Done(answer, frames);
        state = State.LEAVING;
        return new Send(BREAK, Optional.empty(), false);
    }
}
