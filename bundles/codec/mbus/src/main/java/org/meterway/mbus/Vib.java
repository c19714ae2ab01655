// SPDX-License-Identifier: EPL-2.0
package org.meterway.mbus;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.meterway.api.codec.FrameRejectedException;

/** A value information block: the VIF, its extension table and its orthogonal VIFEs (EN 13757-3, 6.4). */
final class Vib {
    private static final int MOST_VIFES = 10;
    private static final int EXTENSION = 0x80;
    private static final BigDecimal[] DURATIONS = {
        BigDecimal.ONE, BigDecimal.valueOf(60), BigDecimal.valueOf(3600), BigDecimal.valueOf(86_400)
    };
    private static final String[] PER = {
        "per second",
        "per minute",
        "per hour",
        "per day",
        "per week",
        "per month",
        "per year",
        "per revolution",
        "increment per input pulse on channel 0",
        "increment per input pulse on channel 1",
        "increment per output pulse on channel 0",
        "increment per output pulse on channel 1",
        "per litre",
        "per m3",
        "per kg",
        "per K",
        "per kWh",
        "per GJ",
        "per kW",
        "per (K*l)",
        "per V",
        "per A",
        "multiplied by s",
        "multiplied by s/V",
        "multiplied by s/A",
        "start date of"
    };
    private static final String[] PHASES = {
        "",
        "L1",
        "L2",
        "L3",
        "N",
        "between L1 and L2",
        "between L2 and L3",
        "between L3 and L1",
        "quadrant Q1",
        "quadrant Q2",
        "quadrant Q3",
        "quadrant Q4",
        "delta between import and export"
    };
    private static final String[] ERRORS = {
        "no error",
        "too many DIFEs",
        "storage number not implemented",
        "subunit not implemented",
        "tariff not implemented",
        "function not implemented",
        "data class not implemented",
        "data size not implemented",
        "",
        "",
        "",
        "too many VIFEs",
        "illegal VIF group",
        "illegal VIF exponent",
        "VIF/DIF mismatch",
        "unimplemented action",
        "",
        "",
        "",
        "",
        "",
        "no data available",
        "data overflow",
        "data underflow",
        "data error",
        "",
        "",
        "",
        "premature end of record"
    };

    private final byte[] bytes;
    private final int end;
    private final List<String> remarks = new ArrayList<>(2);
    private int at;
    private int vifes;
    private String of = "plain";
    private Vif vif = Vif.number("manufacturer", "Manufacturer specific");
    private BigDecimal addend = BigDecimal.ZERO;

    private Vib(byte[] bytes, int at, int end) {
        this.bytes = bytes;
        this.at = at;
        this.end = end;
    }

    /** Reads the block that begins at {@code from}. */
    static Vib read(byte[] bytes, int from, int end) throws FrameRejectedException {
        Vib vib = new Vib(bytes, from, end);
        vib.readVif();
        return vib;
    }

    /** Where the data begin. */
    int end() {
        return at;
    }

    Vif vif() {
        return vif;
    }

    /** What the VIFEs say, for people. */
    List<String> remarks() {
        return List.copyOf(remarks);
    }

    /** What the VIFEs make of the quantity, as in obis.tsv; empty when it is no quantity of that table. */
    String of() {
        return of;
    }

    /** To be added to the value in the unit of the VIF. */
    BigDecimal addend() {
        return addend;
    }

    private int next(String field) throws FrameRejectedException {
        if (at >= end) {
            throw new FrameRejectedException(field, at, "the telegram ends where a " + field + " is expected");
        }
        return bytes[at++] & 0xff;
    }

    private int nextVife() throws FrameRejectedException {
        if (++vifes > MOST_VIFES) {
            throw new FrameRejectedException("VIFE", at, "more than " + MOST_VIFES + " VIFEs");
        }
        return next("VIFE");
    }

    private void readVif() throws FrameRejectedException {
        int code = next("VIF");
        int base = code & 0x7f;
        boolean more = (code & EXTENSION) != 0;
        if (base == 0x7f) {
            manufacturerSpecific(more);
            return;
        }
        if (base == 0x7c) {
            vif = Vif.number("plain-text", plainText());
            of = "";
        } else if (more && (base == 0x7b || base == 0x7d)) {
            String table = base == 0x7b ? "fb" : "fd";
            code = nextVife();
            if (base == 0x7d && code == 0xfd) {
                table = "fdfd";
                code = nextVife();
            }
            more = (code & EXTENSION) != 0;
            known(Tables.vif(table, code), table.toUpperCase(Locale.ROOT) + " ", code);
        } else {
            known(Tables.vif("main", base), "", code);
        }
        while (more) {
            int vife = nextVife();
            more = (vife & EXTENSION) != 0;
            int orthogonal = vife & 0x7f;
            if (orthogonal == 0x7f) {
                int from = at - 1;
                while (more) {
                    more = (nextVife() & EXTENSION) != 0;
                }
                remark("manufacturer specific VIFE " + Hex.of(bytes, from, at), false);
            } else if (orthogonal == 0x7c && more) {
                int extension = nextVife();
                more = (extension & EXTENSION) != 0;
                extended(extension & 0x7f);
            } else {
                orthogonal(orthogonal);
            }
        }
    }

    private void manufacturerSpecific(boolean extended) throws FrameRejectedException {
        int from = at;
        boolean more = extended;
        while (more) {
            more = (nextVife() & EXTENSION) != 0;
        }
        of = "";
        if (at > from) {
            remarks.add("VIFE " + Hex.of(bytes, from, at));
        }
    }

    /** The characters come last first, as all text does. */
    private String plainText() throws FrameRejectedException {
        int lengthAt = at;
        int length = next("VIF text length");
        if (length > end - at) {
            throw new FrameRejectedException(
                    "VIF text length", lengthAt, length + " characters announced, " + (end - at) + " bytes follow");
        }
        String text = Text.reversed(bytes, at, length);
        at += length;
        return text.isEmpty() ? "Plain text VIF" : text;
    }

    private void known(@Nullable Vif found, String table, int code) {
        if (found == null) {
            of = "";
            vif = Vif.number("reserved", "Reserved VIF " + table + Hex.of(code & 0x7f));
        } else {
            vif = found;
        }
    }

    private void extended(int code) {
        if (code >= 1 && code <= 4) {
            remarks.add(code == 4 ? "neutral" : "phase " + PHASES[code]);
            qualify(PHASES[code]);
        } else if (code < PHASES.length && !PHASES[code].isEmpty()) {
            remark(PHASES[code], false);
        } else if (code == 0x10) {
            remark("absolute value of positive and negative contributions", false);
        } else {
            remark("VIFE FC " + Hex.of(code), false);
        }
    }

    private void orthogonal(int code) {
        if (code < 0x20) {
            String error = code < ERRORS.length ? ERRORS[code] : "";
            remark("record error: " + (error.isEmpty() ? Hex.of(code) : error), code == 0);
        } else if (code <= 0x39) {
            remark(PER[code - 0x20], false);
            if (code == 0x39) {
                as(Vif.Kind.DATE, "", BigDecimal.ONE);
            }
        } else if (code == 0x3a) {
            remark("uncorrected unit", true);
        } else if (code == 0x3b) {
            remark("positive contributions only", true);
        } else if (code == 0x3c) {
            remarks.add("negative contributions only");
            qualify("negative");
        } else if (code == 0x3e) {
            remarks.add("at base conditions");
            qualify("base");
        } else if (code >= 0x40 && code <= 0x6f) {
            limit(code);
        } else if (code >= 0x70 && code <= 0x77) {
            scaled(code - 0x76);
        } else if (code >= 0x78 && code <= 0x7b) {
            addend = addend.add(BigDecimal.ONE.scaleByPowerOfTen(code - 0x7b));
            remark("offset 10^" + (code - 0x7b), true);
        } else if (code == 0x7d) {
            scaled(3);
        } else {
            remark(code == 0x7e ? "future value" : "VIFE " + Hex.of(code), false);
        }
    }

    /** Values about exceeded limits and about when and how long. */
    private void limit(int code) {
        String limit = (code & 8) != 0 ? "upper" : "lower";
        String which = (code & 4) != 0 ? "last" : "first";
        if (code < 0x50) {
            if ((code & 2) != 0) {
                remark(((code & 1) != 0 ? "end" : "begin") + " of " + which + " " + limit + " limit exceed", false);
                as(Vif.Kind.DATE, "", BigDecimal.ONE);
            } else if ((code & 1) != 0) {
                remark("number of exceeds of " + limit + " limit", false);
                as(Vif.Kind.NUMBER, "", BigDecimal.ONE);
            } else {
                remark(limit + " limit value", false);
            }
        } else if (code < 0x60) {
            remark("duration of " + which + " " + limit + " limit exceed", false);
            as(Vif.Kind.NUMBER, "s", DURATIONS[code & 3]);
        } else if (code < 0x68) {
            remark("duration of " + which, false);
            as(Vif.Kind.NUMBER, "s", DURATIONS[code & 3]);
        } else if ((code & 2) != 0) {
            remark(((code & 1) != 0 ? "end" : "begin") + " of " + which, false);
            as(Vif.Kind.DATE, "", BigDecimal.ONE);
        } else if ((code & 1) != 0) {
            remark((code & 4) != 0 ? "overflow value" : "leakage value", false);
        } else {
            remark("value during " + ((code & 4) != 0 ? "upper" : "lower") + " limit exceed", false);
        }
    }

    private void remark(String text, boolean same) {
        remarks.add(text);
        if (!same) {
            of = "";
        }
    }

    private void qualify(String qualifier) {
        of = of.equals("plain") ? qualifier : of.isEmpty() ? "" : of + " " + qualifier;
    }

    private void scaled(int power) {
        remarks.add("times 10^" + power);
        vif = new Vif(
                vif.quantity(),
                vif.name(),
                vif.kind(),
                vif.unit(),
                vif.factor().scaleByPowerOfTen(power),
                vif.divisor(),
                vif.fahrenheit());
    }

    private void as(Vif.Kind kind, String unit, BigDecimal factor) {
        vif = new Vif(vif.quantity(), vif.name(), kind, unit, factor, 1, false);
    }
}
