// SPDX-License-Identifier: EPL-2.0
package org.meterway.dlms;

import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.meterway.api.channel.Answer;
import org.meterway.api.codec.FrameRejectedException;
import org.meterway.api.line.Dialogue;
import org.meterway.api.line.DialogueContext;
import org.meterway.api.line.LineSettings;

/**
 * One exchange with one meter: sign-on if it needs one, connection, association, the job, and out again. Whatever the job comes to,
 * the meter is left disconnected, so that the next to ask finds it free.
 */
final class DlmsDialogue implements Dialogue {
    private static final byte[] RELEASE = {0x62, 3, (byte) 0x80, 1, 0};
    private final Access access;
    private final ClientSecurity security;
    private final Entering entering;
    private final Link link;
    private final @Nullable Job job;
    private final @Nullable SignOn signOn;
    private Phase phase = Phase.SIGNING_ON;
    private Step last = new Failed("nothing was asked");

    private enum Phase {
        SIGNING_ON,
        CONNECTING,
        ENTERING,
        WORKING,
        LEAVING
    }

    /**
     * @param job null to find out only whether a meter answers
     * @param settings of the line once the meter is signed on
     */
    DlmsDialogue(Access access, @Nullable Job job, DialogueContext context, LineSettings settings) {
        this.access = access;
        this.job = job;
        this.security = new ClientSecurity(context);
        this.entering = new Entering(access, security, context);
        this.link = access.wrapper() ? new WrapperLink(access) : new HdlcLink(access);
        this.signOn = access.signOn() ? new SignOn(settings) : null;
    }

    @Override
    public Step start() {
        SignOn first = signOn;
        return first != null ? first.start() : connect(Optional.empty());
    }

    private Step connect(Optional<LineSettings> settings) {
        phase = Phase.CONNECTING;
        Optional<byte[]> connect = link.connect();
        if (connect.isEmpty()) {
            return enter();
        }
        return new Send(connect.get(), settings, true);
    }

    private Step enter() {
        phase = Phase.ENTERING;
        return Send.of(link.ask(entering.request()));
    }

    @Override
    public Step received(byte[] received) {
        SignOn first = signOn;
        if (phase == Phase.SIGNING_ON && first != null) {
            Step step = first.received(received);
            return first.settings() != null ? connect(Optional.ofNullable(first.settings())) : step;
        }
        Link.Heard heard = link.hear(received);
        if (heard instanceof Link.Nothing) {
            return new Wait();
        }
        if (heard instanceof Link.Say say) {
            return Send.of(say.bytes());
        }
        if (phase == Phase.LEAVING) {
            return last;
        }
        if (heard instanceof Link.Refused refused) {
            return phase == Phase.CONNECTING && job == null ? there() : leave(new Failed(refused.reason()));
        }
        try {
            return heard instanceof Link.Whole whole ? whole(whole) : connected();
        } catch (FrameRejectedException wrong) {
            return leave(new Failed(wrong.getMessage()));
        } catch (IllegalStateException counter) {
            return leave(new Failed(String.valueOf(counter.getMessage())));
        }
    }

    private Step connected() {
        if (phase != Phase.CONNECTING) {
            return new Wait();
        }
        return job == null ? leave(there()) : enter();
    }

    private static Step there() {
        return new Done(new Answer(true, "2.05", "", Map.of(), ""), List.of());
    }

    private Step whole(Link.Whole whole) throws FrameRejectedException {
        Job work = job;
        if (work == null) {
            return leave(there());
        }
        if (phase == Phase.ENTERING) {
            byte[] more = entering.answer(whole.apdu());
            if (more != null) {
                return Send.of(link.ask(more));
            }
            phase = Phase.WORKING;
            work.multiple = entering.multiple();
            work.title = access.ciphered() ? HexFormat.of().formatHex(security.serverTitle()) : "";
        } else {
            byte[] plain = access.ciphered() ? security.open(whole.apdu()) : whole.apdu();
            work.answer(plain, whole.raw());
        }
        byte[] next = work.next();
        if (next == null) {
            return leave(work.done());
        }
        return Send.of(link.ask(access.ciphered() ? security.protect(next) : next));
    }

    /** Closes the connection, then ends like this. */
    private Step leave(Step end) {
        last = end;
        boolean associated = phase == Phase.ENTERING || phase == Phase.WORKING;
        phase = Phase.LEAVING;
        Optional<byte[]> disconnect = link.disconnect();
        if (disconnect.isPresent()) {
            return Send.of(disconnect.get());
        }
        return associated && job != null ? Send.of(link.ask(RELEASE)) : end;
    }

    @Override
    public Step silence(byte[] received) {
        SignOn first = signOn;
        if (phase == Phase.SIGNING_ON && first != null) {
            Step step = first.silence();
            return first.settings() != null ? connect(Optional.ofNullable(first.settings())) : step;
        }
        return phase == Phase.LEAVING ? last : Send.of(link.repeat());
    }
}
