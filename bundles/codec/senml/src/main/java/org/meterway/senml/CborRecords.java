// SPDX-License-Identifier: EPL-2.0
package org.meterway.senml;

import org.meterway.api.codec.FrameRejectedException;

/** Reads SenML written in CBOR (RFC 8428, 6). */
final class CborRecords {
    private CborRecords() {}

    static void read(byte[] bytes, Pack pack) throws FrameRejectedException {
        CborReader cbor = new CborReader(bytes);
        if (cbor.atEnd()) {
            throw new FrameRejectedException("pack", 0, "is empty");
        }
        long length = cbor.head(CborReader.ARRAY, "an array of records");
        for (long i = 0; length == CborReader.INDEFINITE ? !cbor.takeBreak() : i < length; i++) {
            record(cbor, pack);
        }
        if (!cbor.atEnd()) {
            throw new FrameRejectedException("pack", cbor.position(), "is followed by something else");
        }
    }

    private static void record(CborReader cbor, Pack pack) throws FrameRejectedException {
        pack.begin(cbor.position());
        long length = cbor.head(CborReader.MAP, "a record");
        for (long i = 0; length == CborReader.INDEFINITE ? !cbor.takeBreak() : i < length; i++) {
            int at = cbor.position();
            Label label = cbor.label(pack);
            if (label == null) {
                cbor.skip();
                pack.passed("label", at, cbor.position());
                continue;
            }
            pack.field(label, at);
            field(cbor, pack, label, cbor.position());
            pack.read(label, at, cbor.position());
        }
        pack.end(cbor.position());
    }

    private static void field(CborReader cbor, Pack pack, Label label, int at) throws FrameRejectedException {
        try {
            switch (label) {
                case BASE_NAME, BASE_UNIT, NAME, UNIT, STRING, LINK -> pack.text(label, cbor.text("a text"), at);
                case BOOLEAN -> pack.bool(cbor.bool());
                case DATA -> cbor.data("bytes");
                default -> {
                    cbor.number(pack.number(label));
                    pack.checkNumber(label, at);
                }
            }
        } catch (FrameRejectedException wrong) {
            if (wrong.field().startsWith("record ")) {
                throw wrong;
            }
            FrameRejectedException named = pack.rejected(label.text, wrong.offset(), wrong.reason());
            named.addSuppressed(wrong);
            throw named;
        }
    }
}
