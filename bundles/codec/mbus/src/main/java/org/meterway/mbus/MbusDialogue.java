// SPDX-License-Identifier: EPL-2.0
package org.meterway.mbus;

import java.util.Optional;
import org.meterway.api.line.Dialogue;

/**
 * Reaches a meter, then asks it something: a reset of the link for a primary address; for a secondary one the others are deselected
 * and the meter is selected. Questions alternate the frame count bit.
 */
abstract class MbusDialogue implements Dialogue {
    private static final int SELECT = 0x52;

    private final MeterAddress address;
    private State state = State.RESET;
    private byte[] sent = new byte[0];
    private boolean frameCountBit = true;

    private enum State {
        RESET,
        SELECT,
        ASK
    }

    MbusDialogue(MeterAddress address) {
        this.address = address;
    }

    final MeterAddress address() {
        return address;
    }

    @Override
    public final Step start() {
        boolean secondary = address.selection().isPresent();
        sent = LinkFrames.shortFrame(LinkFrames.SND_NKE, address.link());
        // Of many meters on a line only the one that was selected would acknowledge.
        return new Send(sent, Optional.empty(), !secondary);
    }

    @Override
    public final Step received(byte[] received) {
        return switch (state) {
            case RESET -> LinkFrames.acknowledged(received) ? afterReset(true) : new Wait();
            case SELECT -> LinkFrames.acknowledged(received) ? begin(true) : new Wait();
            case ASK -> answered(received);
        };
    }

    @Override
    public final Step silence(byte[] received) {
        // Meters that do not acknowledge a reset still answer what follows.
        return state == State.RESET ? afterReset(false) : Send.of(sent);
    }

    private Step afterReset(boolean acknowledged) {
        if (address.selection().isEmpty()) {
            return begin(acknowledged);
        }
        state = State.SELECT;
        sent = LinkFrames.longFrame(
                LinkFrames.SND_UD,
                MeterAddress.SELECTED,
                SELECT,
                address.selection().orElseThrow());
        return Send.of(sent);
    }

    private Step begin(boolean acknowledged) {
        state = State.ASK;
        return ask(acknowledged);
    }

    /**
     * The first question.
     *
     * @param acknowledged whether the meter has answered already
     */
    abstract Step ask(boolean acknowledged);

    /** More came after a question. */
    abstract Step answered(byte[] received);

    /** Asks for data. */
    final Step request() {
        sent = LinkFrames.shortFrame(LinkFrames.REQ_UD2 | frameCountBit(), address.link());
        return Send.of(sent);
    }

    /** Sends data, which the meter acknowledges. */
    final Step tell(byte... data) {
        sent = LinkFrames.longFrame(LinkFrames.SND_UD | frameCountBit(), address.link(), 0x51, data);
        return Send.of(sent);
    }

    private int frameCountBit() {
        int bit = frameCountBit ? LinkFrames.FCB : 0;
        frameCountBit = !frameCountBit;
        return bit;
    }
}
