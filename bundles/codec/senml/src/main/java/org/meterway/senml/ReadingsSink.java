// SPDX-License-Identifier: EPL-2.0
package org.meterway.senml;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.meterway.api.codec.Decoded;
import org.meterway.api.codec.FrameRejectedException;
import org.meterway.api.model.Register;
import org.meterway.api.model.RegisterNames;
import org.meterway.api.reading.Obis;
import org.meterway.api.reading.Quality;
import org.meterway.api.reading.Reading;

/** Makes readings of resolved records. One per frame. */
final class ReadingsSink implements RecordSink {
    private static final int MOST_UNNAMED = 16;
    private static final long DAY_MS = 86_400_000;
    private final RegisterNames names;
    private final List<Reading> readings = new ArrayList<>(48);
    private final Set<String> unnamed = new LinkedHashSet<>();
    private final Map<String, Meaning> known = new HashMap<>();
    private String lastName = "";
    private @Nullable Meaning last;

    ReadingsSink(RegisterNames names) {
        this.names = names;
    }

    /** What a name means, and how its last unit converts. */
    private static final class Meaning {
        final boolean path;
        final @Nullable Register register;
        final long intervalMs;
        private @Nullable Conversion conversion;
        private @Nullable String unit;
        private boolean summed;

        Meaning(boolean path, @Nullable Register register) {
            this.path = path;
            this.register = register;
            this.intervalMs = register == null ? 0 : register.interval().toMillis();
        }
    }

    Decoded decoded() {
        return new Decoded(readings, List.copyOf(unnamed));
    }

    @Override
    public void record(Pack pack) throws FrameRejectedException {
        Meaning meaning = meaning(pack.name());
        Register register = meaning.register;
        boolean numeric = pack.kind() == Pack.Kind.NUMBER || pack.kind() == Pack.Kind.SUM_ONLY;
        if (register == null) {
            if (numeric && !meaning.path) {
                throw pack.rejected("n", pack.offset(), "is neither an LwM2M path nor an OBIS code of this meter");
            }
            if (unnamed.size() < MOST_UNNAMED) {
                unnamed.add(pack.name());
            }
            return;
        }
        if (!numeric) {
            throw pack.rejected(
                    "value", pack.offset(), register.quantity() + " needs a number, this is " + article(pack.kind()));
        }
        Conversion conversion = conversion(pack, meaning, register);
        try {
            conversion.convert(pack.kind() == Pack.Kind.NUMBER ? pack.value() : pack.sum());
        } catch (ArithmeticException outside) {
            throw pack.rejected("v", pack.offset(), "is outside what " + register.quantity() + " holds");
        }
        long timeMs = pack.timeMs();
        boolean onGrid = meaning.intervalMs > 0 && Math.floorMod(timeMs, DAY_MS) % meaning.intervalMs == 0;
        readings.add(new Reading(
                register.quantity(),
                Instant.ofEpochMilli(timeMs),
                onGrid ? register.interval() : Duration.ZERO,
                conversion.count(),
                conversion.rounded() ? Quality.MEASURED | Quality.ROUNDED : Quality.MEASURED));
    }

    private static String article(Pack.Kind kind) {
        return switch (kind) {
            case STRING -> "a text";
            case BOOLEAN -> "true or false";
            case DATA -> "opaque data";
            default -> "a link";
        };
    }

    private Meaning meaning(String name) {
        Meaning found = last;
        if (found == null || !name.equals(lastName)) {
            found = known.computeIfAbsent(name, this::resolve);
            last = found;
            lastName = name;
        }
        return found;
    }

    private Meaning resolve(String name) {
        if (isPath(name)) {
            String path = name.charAt(0) == '/' ? name : "/" + name;
            return new Meaning(true, names.resolve(path).orElse(null));
        }
        String inner = withoutAlternatePath(name);
        if (!inner.isEmpty()) {
            return new Meaning(true, names.resolve(inner).orElse(null));
        }
        String obis = obisAtEnd(name);
        Optional<Register> register =
                Obis.isObis(obis) ? names.resolve(Obis.parse(obis).toString()) : Optional.empty();
        return new Meaning(false, register.orElse(null));
    }

    /** What could be an OBIS code at the end of a name: from the digits before the last hyphen. */
    private static String obisAtEnd(String name) {
        int from = name.lastIndexOf('-');
        while (from > 0 && name.charAt(from - 1) >= '0' && name.charAt(from - 1) <= '9') {
            from--;
        }
        return from < 0 ? "" : name.substring(from);
    }

    /**
     * The LwM2M path in {@code /lwm2m/3305/0/5805}: a client whose objects lie below an alternate path (LwM2M Core 1.1, 6.2.1, the
     * link with {@code rt="oma.lwm2m"}) puts that in front. Empty if it is no such name.
     */
    private static String withoutAlternatePath(String name) {
        int from = name.length();
        int segments = 0;
        while (from > 0) {
            int slash = name.lastIndexOf('/', from - 1);
            if (slash < 0 || slash + 1 == from || !isPath(name.substring(slash, from))) {
                break;
            }
            from = slash;
            segments++;
        }
        return name.startsWith("/") && from > 0 && segments >= 3 ? name.substring(from) : "";
    }

    private static boolean isPath(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c != '/' && (c < '0' || c > '9')) {
                return false;
            }
        }
        return true;
    }

    private Conversion conversion(Pack pack, Meaning meaning, Register register) throws FrameRejectedException {
        String unit = pack.unit();
        boolean summed = pack.kind() == Pack.Kind.SUM_ONLY;
        Conversion found = meaning.conversion;
        if (found != null
                && summed == meaning.summed
                && (unit == null ? meaning.unit == null : unit.equals(meaning.unit))) {
            return found;
        }
        found = new Conversion(register.quantity(), factor(pack, register, unit, summed));
        meaning.conversion = found;
        meaning.unit = unit;
        meaning.summed = summed;
        return found;
    }

    private static Units.Factor factor(Pack pack, Register register, @Nullable String unit, boolean summed)
            throws FrameRejectedException {
        if (unit == null) {
            if (summed) {
                throw pack.rejected("s", pack.offset(), "a sum needs the unit that is summed");
            }
            // The register says what its bare values are in.
            return new Units.Factor(register.factor(), 1);
        }
        String effective = summed ? Units.summed(unit) : unit;
        Units.Factor factor = effective == null
                ? null
                : Units.factor(effective, register.quantity().unit());
        if (factor == null) {
            String what = summed ? "the sum over seconds of " + shown(unit) : shown(unit);
            throw pack.rejected("u", pack.offset(), what + " is no unit of " + register.quantity());
        }
        return factor;
    }

    private static String shown(String unit) {
        String shortened = unit.length() > 16 ? unit.substring(0, 16) + "…" : unit;
        return "'" + shortened.replaceAll("[\\p{Cntrl}']", "?") + "'";
    }
}
