// SPDX-License-Identifier: EPL-2.0
package org.meterway.dlt645;

import org.meterway.api.codec.FrameRejectedException;

/** Decodes the data that a meter answers a read with. One per frame. */
final class Answers {
    private final Output output;
    private final Decoding decoding;
    private final Freezes freezes;
    private final LoadRecords loadRecords;

    Answers(Output output) {
        this.output = output;
        decoding = new Decoding(output);
        freezes = new Freezes(decoding);
        loadRecords = new LoadRecords(decoding);
    }

    /**
     * Decodes the data of an identifier.
     *
     * @param run data, the identifier and a sequence number taken off
     * @param whole whether all of it is there
     * @param address of the meter
     */
    void data(Edition edition, int di, Run run, int from, boolean whole, String address) throws FrameRejectedException {
        int to = run.length();
        if (edition == Edition.E2007 && LoadRecords.blocks(di)) {
            loadRecords.blocks(di, run, from, to, whole);
            return;
        }
        if (edition == Edition.E2007 && Freezes.block(di)) {
            freezes.block(di, run, from, to, whole, address);
            return;
        }
        DataTable.Meaning meaning = DataTable.of(edition).find(edition, di);
        if (meaning == null) {
            unknown(edition.identifier(di), run, from, to);
            return;
        }
        if (edition == Edition.E2007 && LoadRecords.curve(di)) {
            loadRecords.curve(meaning, run, from, to, whole);
            return;
        }
        Decoding.When when = edition == Edition.E2007 ? freezes.when(di, address) : decoding.received();
        known(edition, di, meaning, run, from, to, whole, when);
        if (edition == Edition.E2007) {
            freezes.remember(di, run, from, to, address);
        }
    }

    private void known(
            Edition edition,
            int di,
            DataTable.Meaning meaning,
            Run run,
            int from,
            int to,
            boolean whole,
            Decoding.When when)
            throws FrameRejectedException {
        Layout layout = meaning.entry().layout();
        Variables variables = meaning.match().variables();
        int block = meaning.match().block();
        if (!layout.quantities()) {
            output.unnamed(edition.identifier(di) + " " + meaning.entry().name());
        }
        if (block < 0 && !layout.repeated() && to - from >= 2 * layout.length()) {
            // Twice what the standard has under this identifier, or more: what a vendor made of it.
            unknown(edition.identifier(di), run, from, to);
            return;
        }
        int variable = layout.repeated() ? Variables.index('t') : block;
        int last = variable < 0 ? 0 : Variables.highest(variable);
        int at = from;
        for (int value = variable < 0 ? 0 : Variables.lowest(variable); value <= last; value++) {
            if (variable >= 0) {
                variables.set(variable, value);
            }
            String name =
                    variable < 0 ? meaning.entry().name() : meaning.entry().name() + " " + value;
            int next = decoding.items(layout, variables, run, at, to, name, whole, when);
            boolean complete = next - at == layout.length();
            at = next;
            if (!complete || at >= to || ended(run, at, to)) {
                break;
            }
        }
        if (at < to) {
            output.field(
                    run,
                    at,
                    to - at,
                    (whole ? "beyond the standard's format: " : "to be continued: ") + run.wire(at, to));
        }
    }

    /** Data groups may be ended by AA (1997: annex A); no digits, so it cannot be a value. */
    private static boolean ended(Run run, int at, int to) {
        return run.filled(at, to - at, 0xAA);
    }

    private void unknown(String identifier, Run run, int from, int to) {
        output.unnamed(identifier);
        output.field(run, from, to - from, "data, identifier unknown: " + run.wire(from, to));
    }
}
