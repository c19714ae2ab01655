// SPDX-License-Identifier: EPL-2.0
package org.meterway.line;

import java.io.IOException;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import org.meterway.api.line.Dialogue;
import org.meterway.api.line.LineSettings;
import org.meterway.api.line.Parity;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One dialogue over a port: sends, listens, keeps the time-outs and counts the silences. Used once, by one thread. */
final class Exchange {
    private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);
    private static final int MAX_RECEIVED = 65_536;
    /** So many bytes are the beginning of an answer and not a glitch of the line being turned round. */
    private static final int NO_GLITCH = 8;

    /** A long answer may take so many budgets to arrive, as long as it does arrive. */
    private static final int ARRIVING = 6;

    private static final byte[] NOTHING = new byte[0];

    private final Transport transport;
    private final LongSupplier nanos;
    private final UnaryOperator<LineSettings> adapting;
    private final boolean echo;
    private final long budgetNanos;
    private final long deadline;
    private final Traffic traffic;
    private LineSettings settings;
    private EchoFilter filter = new EchoFilter(NOTHING, false);
    private byte[] received = NOTHING;
    private int told;
    private int toldOf;
    private boolean unheard;
    private boolean heard;
    private int silences;
    private long sentUntil;
    private long lastByte;
    private long lastProgress;
    private long onTheWay;

    /**
     * @param settings to begin with
     * @param adapting turns settings a protocol asks for into those this line has
     * @param budgetNanos how long the meter may hold the line without progress; the bytes of an answer take their time
     * @param deadline by {@code nanos}, when the exchange is over at the latest
     */
    Exchange(
            Transport transport,
            LongSupplier nanos,
            LineSettings settings,
            UnaryOperator<LineSettings> adapting,
            boolean echo,
            long budgetNanos,
            long deadline,
            Traffic traffic) {
        this.transport = transport;
        this.nanos = nanos;
        this.settings = settings;
        this.adapting = adapting;
        this.echo = echo;
        this.budgetNanos = budgetNanos;
        this.deadline = deadline;
        this.traffic = traffic;
    }

    /** @throws IOException if the port is gone */
    Outcome run(Dialogue dialogue) throws IOException {
        try {
            return steps(dialogue);
        } catch (RuntimeException e) {
            LOG.error("a protocol's dialogue failed", e);
            return new Outcome.Broken("the protocol's bundle failed: " + e);
        }
    }

    private Outcome steps(Dialogue dialogue) throws IOException {
        transport.set(settings);
        sentUntil = nanos.getAsLong();
        lastProgress = sentUntil;
        Dialogue.Step step = dialogue.start();
        boolean bySilence = false;
        while (true) {
            if (step instanceof Dialogue.Done done) {
                return new Outcome.Answered(done);
            }
            if (step instanceof Dialogue.Failed failed) {
                return bySilence ? new Outcome.Silent(failed.reason()) : new Outcome.Broken(failed.reason());
            }
            if (bySilence && silences > settings.retries()) {
                return new Outcome.Silent(
                        (heard ? "no complete answer to " : "no answer to ") + silences + " questions");
            }
            if (step instanceof Dialogue.Send send) {
                say(send);
                if (!send.answered()) {
                    pause(Math.max(0, sentUntil - nanos.getAsLong()) + nanos(settings.turnaround()));
                    step = dialogue.silence(filter.end(received));
                    bySilence = false;
                    continue;
                }
            }
            if (unheard) { // it goes on listening, and what it may want came already
                unheard = false;
                bySilence = false;
                step = tell(dialogue);
                continue;
            }
            bySilence = await();
            if (overSince() >= 0) {
                return new Outcome.Silent(
                        nanos.getAsLong() - deadline >= 0 ? "the time for it is over" : "it used up its time");
            }
            step = bySilence ? silence(dialogue) : tell(dialogue);
        }
    }

    /** Waits until something comes or the time-outs have passed. Returns whether they have. */
    private boolean await() throws IOException {
        while (true) {
            long now = nanos.getAsLong();
            long wait = Math.min(quietAt() - now, -overSince());
            if (wait <= 0) {
                return true;
            }
            if (listen(wait)) {
                return false;
            }
        }
    }

    /** How long the exchange has been over; negative while it has time. */
    private long overSince() {
        long now = nanos.getAsLong();
        return Math.max(now - deadline, now - lastProgress - budgetNanos - Math.min(onTheWay, ARRIVING * budgetNanos));
    }

    /**
     * A few bytes of noise do not end the wait for the answer: asking again now would collide with it. Of an answer that began no
     * more is expected after the inter-byte time-out.
     */
    private long quietAt() {
        long answer = sentUntil + nanos(settings.answerTimeout());
        if (received.length == 0) {
            return answer;
        }
        long between = lastByte + nanos(settings.interByteTimeout());
        return received.length >= NO_GLITCH ? between : Math.max(between, answer);
    }

    private void say(Dialogue.Send send) throws IOException {
        settings = send.before().map(adapting).orElse(settings);
        if (send.bytes().length == 0) {
            transport.set(settings); // a change of rate in the middle of an answer: nothing may be lost
            sentUntil = nanos.getAsLong();
            unheard = received.length > toldOf;
            toldOf = received.length;
            return;
        }
        untilQuiet();
        transport.set(settings);
        received = NOTHING;
        told = 0;
        toldOf = 0;
        unheard = false;
        filter = new EchoFilter(send.bytes(), echo);
        transport.send(send.bytes());
        traffic.sent.add(send.bytes().length);
        sentUntil = nanos.getAsLong() + airtime(send.bytes().length);
    }

    /** Lets late answers to earlier questions pass. Somebody who never stops is talked over. */
    private void untilQuiet() throws IOException {
        long turnaround = nanos(settings.turnaround());
        long limit = nanos.getAsLong() + 10 * turnaround + nanos(settings.interByteTimeout());
        byte[] late;
        do {
            late = transport.receive(turnaround);
            traffic.discarded.add(late.length);
        } while (late.length > 0 && nanos.getAsLong() - limit < 0);
    }

    private void pause(long length) throws IOException {
        long end = nanos.getAsLong() + length;
        for (long left = length; left > 0; left = end - nanos.getAsLong()) {
            listen(left);
        }
    }

    /** Listens once. Returns whether something came. */
    private boolean listen(long wait) throws IOException {
        byte[] more = transport.receive(wait);
        if (more.length == 0) {
            return false;
        }
        lastByte = nanos.getAsLong();
        traffic.received.add(more.length);
        onTheWay += airtime(more.length);
        int kept = Math.min(received.length, MAX_RECEIVED - more.length);
        byte[] all = new byte[kept + more.length];
        System.arraycopy(received, received.length - kept, all, 0, kept);
        System.arraycopy(more, 0, all, kept, more.length);
        received = all;
        return true;
    }

    private Dialogue.Step tell(Dialogue dialogue) {
        byte[] visible = filter.strip(received);
        if (visible.length == 0) {
            return new Dialogue.Wait();
        }
        return progress(visible, dialogue.received(visible));
    }

    private Dialogue.Step progress(byte[] visible, Dialogue.Step step) {
        told = visible.length;
        heard = true;
        if (!(step instanceof Dialogue.Wait)) {
            silences = 0;
            lastProgress = nanos.getAsLong();
            onTheWay = 0;
        }
        return step;
    }

    private Dialogue.Step silence(Dialogue dialogue) {
        byte[] visible = filter.end(received);
        if (filter.garbled()) {
            traffic.collisions.increment();
        }
        if (visible.length > told) { // held back as the beginning of an echo
            Dialogue.Step step = progress(visible, dialogue.received(visible));
            if (!(step instanceof Dialogue.Wait)) {
                return step;
            }
        }
        silences++;
        traffic.silences.increment();
        Dialogue.Step step = dialogue.silence(visible);
        if (step instanceof Dialogue.Wait) { // it goes on listening: the time-outs begin anew
            sentUntil = nanos.getAsLong();
            lastByte = sentUntil;
        }
        return step;
    }

    /** How long so many characters take at the settings there are. */
    private long airtime(int length) {
        double bits = 1.0 + settings.dataBits() + settings.stopBits() + (settings.parity() == Parity.NONE ? 0 : 1);
        return (long) (length * bits / settings.baud() * 1e9);
    }

    private static long nanos(Duration duration) {
        return duration.toNanos();
    }
}
