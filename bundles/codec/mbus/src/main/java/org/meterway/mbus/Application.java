// SPDX-License-Identifier: EPL-2.0
package org.meterway.mbus;

import org.meterway.api.codec.DecodeContext;
import org.meterway.api.codec.Field;
import org.meterway.api.codec.FrameRejectedException;

/** Reads what stands in long frames from the CI field on (EN 13757-3, 5). One per run of frames. */
final class Application {
    private static final int LONG_HEADER = 12;
    private static final int SHORT_HEADER = 4;
    private static final String[] ERRORS = {
        "Unspecified error",
        "Unimplemented CI-Field",
        "Buffer too long, truncated",
        "Too many records",
        "Premature end of record",
        "More than 10 DIFEs",
        "More than 10 VIFEs",
        "",
        "Application too busy for readout",
        "Too many readouts"
    };

    private final byte[] bytes;
    private final DecodeContext context;
    private final ReadingsBuilder readings;
    private String meter = "";
    private String group = "none";
    private boolean moreFollow;

    Application(byte[] bytes, DecodeContext context, ReadingsBuilder readings) {
        this.bytes = bytes;
        this.context = context;
        this.readings = readings;
    }

    /** Whether the meter has more records in its next telegram. */
    boolean moreFollow() {
        return moreFollow;
    }

    /** Reads one telegram from its CI field on. */
    void read(int at, int end) throws FrameRejectedException {
        int ci = bytes[at] & 0xff;
        switch (ci) {
            case 0x72, 0x76 -> {
                ci(at, "variable data, long header");
                variable(at + 1, end, ci == 0x76);
            }
            case 0x7a -> {
                ci(at, "variable data, short header");
                shortHeader(at + 1, end);
            }
            case 0x78 -> {
                ci(at, "variable data, no header");
                records(bytes, at + 1, end, false, "");
            }
            case 0x73, 0x77 -> {
                ci(at, "fixed data");
                begin(new FixedData(bytes, context).read(at + 1, end, ci == 0x77, readings));
            }
            case 0x70 -> {
                ci(at, "application error");
                throw applicationError(at, at + 1, end);
            }
            case 0x6e, 0x74 -> throw applicationError(at, at + 1 + SHORT_HEADER, end);
            case 0x6f, 0x75 -> throw applicationError(at, at + 1 + LONG_HEADER, end);
            case 0x71 -> {
                ci(at, "alarm status");
                field(at + 1, end - at - 1, "alarm: " + Hex.of(bytes, at + 1, end));
            }
            default -> other(at, end, ci);
        }
    }

    /** Frames of the master without data; everything else is no answer of a meter. */
    private void other(int at, int end, int ci) throws FrameRejectedException {
        boolean control = end == at + 1;
        if (control && ci >= 0xb8 && ci <= 0xbf) {
            ci(at, "set baud rate to " + (300 << ci - 0xb8));
            return;
        }
        if (control && ci == 0x50) {
            ci(at, "application reset");
            return;
        }
        String what =
                switch (ci) {
                    case 0x50 -> "an application reset";
                    case 0x51, 0x55 -> "data sent to a meter, not an answer";
                    case 0x52, 0x56 -> "a selection of meters, not an answer";
                    case 0x5a, 0x5b, 0x60, 0x61, 0x64, 0x65 -> "a command to a meter, not an answer";
                    case 0x69, 0x6a, 0x6b -> "a format frame, whose data frames are not supported";
                    case 0x79, 0x7b -> "a compact frame, which needs a format frame and is not supported";
                    case 0x8a, 0x8b, 0x8c, 0x8d, 0x8e, 0x8f, 0x90 -> "a wireless transport layer, not supported";
                    case 0xa0, 0xa1, 0xa2, 0xa3, 0xa4, 0xa5, 0xa6, 0xa7 -> "manufacturer specific";
                    default -> "unknown";
                };
        throw new FrameRejectedException(
                "CI", at, Hex.of(ci) + " is " + what + "; expected 70, 71, 72, 73, 76, 77, 78 or 7A");
    }

    private FrameRejectedException applicationError(int at, int codeAt, int end) {
        int code = codeAt < end ? bytes[codeAt] & 0xff : 0;
        String text = code < ERRORS.length && !ERRORS[code].isEmpty() ? ERRORS[code] : "code " + code;
        field(codeAt, Math.max(0, Math.min(1, end - codeAt)), "error: " + text);
        return new FrameRejectedException(
                "application error",
                codeAt < end ? codeAt : at,
                "the meter reports: " + text + (codeAt < end ? " (" + code + ")" : ""));
    }

    private void ci(int at, String what) {
        field(at, 1, "CI: " + Hex.of(bytes[at]) + " " + what);
    }

    private void variable(int at, int end, boolean highByteFirst) throws FrameRejectedException {
        if (end - at < LONG_HEADER) {
            throw new FrameRejectedException(
                    "header", at, "needs " + LONG_HEADER + " bytes, " + (end - at) + " are left");
        }
        Header header = Header.read(bytes, at, highByteFirst);
        begin(header);
        if (context.traced()) {
            field(at, 4, "identification: " + header.identification());
            field(at + 4, 2, "manufacturer: " + header.manufacturer());
            field(at + 6, 1, "version: " + header.version());
            field(
                    at + 7,
                    1,
                    "medium: " + Hex.of(header.medium()) + " "
                            + Tables.medium(header.medium()).name());
            field(at + 8, 1, "access number: " + (bytes[at + 8] & 0xff));
            status(at + 9);
        }
        Security security = Security.read(bytes, at + 10, highByteFirst);
        field(at + 10, 2, "configuration: " + security.text());
        byte[] plain = security.decrypt(bytes, at, end, context);
        records(plain, at + LONG_HEADER, end, highByteFirst, plain == bytes ? "" : "decrypted");
    }

    private void shortHeader(int at, int end) throws FrameRejectedException {
        if (end - at < SHORT_HEADER) {
            throw new FrameRejectedException(
                    "header", at, "needs " + SHORT_HEADER + " bytes, " + (end - at) + " are left");
        }
        if (context.traced()) {
            field(at, 1, "access number: " + (bytes[at] & 0xff));
            status(at + 1);
        }
        Security security = Security.read(bytes, at + 2, false);
        field(at + 2, 2, "configuration: " + security.text());
        security.refuseWithoutAddress();
        records(bytes, at + SHORT_HEADER, end, false, "");
    }

    /** A run of telegrams is one answer of one meter. */
    private void begin(Header header) throws FrameRejectedException {
        if (!meter.isEmpty() && !meter.equals(header.meter())) {
            throw new FrameRejectedException(
                    "identification",
                    header.offset(),
                    "expected a further telegram of " + meter + ", was one of " + header.meter());
        }
        meter = header.meter();
        group = Tables.medium(header.medium()).group();
    }

    private void status(int at) {
        int status = bytes[at] & 0xff;
        StringBuilder text = new StringBuilder("status: ").append(Hex.of(status));
        String[] application = {"", " application busy", " any application error", " abnormal condition"};
        text.append(application[status & 3]);
        String[] flags = {" power low", " permanent error", " temporary error"};
        for (int bit = 0; bit < flags.length; bit++) {
            text.append((status & 4 << bit) != 0 ? flags[bit] : "");
        }
        text.append((status & 0xe0) != 0 ? " manufacturer specific " + Hex.of(status & 0xe0) : "");
        field(at, 1, text.toString());
    }

    private void records(byte[] from, int at, int end, boolean highByteFirst, String part)
            throws FrameRejectedException {
        Records records = new Records(from, end, highByteFirst, part, group, context);
        readings.add(records.read(at), records.group());
        group = records.group();
        moreFollow = records.moreFollow();
    }

    private void field(int offset, int length, String meaning) {
        if (context.traced()) {
            context.field(Field.of(offset, length, meaning));
        }
    }
}
