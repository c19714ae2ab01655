// SPDX-License-Identifier: EPL-2.0
package org.meterway.sml;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.meterway.api.codec.FrameRejectedException;
import org.meterway.api.model.Register;
import org.meterway.api.reading.Obis;
import org.meterway.api.reading.Quality;
import org.meterway.api.reading.Unit;

/** The bodies that bring values: GetList.Res (SML 1.04, 5.1.15), GetProfilePack.Res (5.1.8) and GetProfileList.Res (5.1.10). */
final class Lists {
    private static final int CODE_LENGTH = 6;
    /** 129-129:199.130.x: manufacturer and public key of EDL21 meters. */
    private static final int MAKERS_OWN = 129;

    private static final int MOST_CHANNELS = 256;
    private static final BigInteger TWO_TO_64 = BigInteger.ONE.shiftLeft(64);

    private final Payload payload;
    private final Elements elements;
    private final SmlFile file;
    private final ReadingSink sink;
    private String server = "";
    private long lastStatus = -1;

    Lists(Payload payload, Elements elements, SmlFile file, ReadingSink sink) {
        this.payload = payload;
        this.elements = elements;
        this.file = file;
        this.sink = sink;
    }

    private record Channel(@Nullable Obis obis, int unit, int scaler) {}

    void getListResponse() throws FrameRejectedException {
        open("GetListResponse", 7);
        octets("clientId");
        server();
        octets("listName");
        ReadingSink.Time now = time("actSensorTime");
        if (now.index() >= 0) {
            sink.index(server, now.index());
        }
        int entries = listOf("valList");
        lastStatus = -1;
        for (int i = 0; i < entries; i++) {
            open("SML_ListEntry", 7);
            Obis obis = code();
            Long status = status(obis);
            ReadingSink.Time time = time("valTime");
            int unit = unit();
            int scaler = scaler();
            value(obis, unit, scaler, time == ReadingSink.Time.NONE ? now : time, null, quality(status));
            octets("valueSignature");
        }
        octets("listSignature");
        time("actGatewayTime");
    }

    void profilePack() throws FrameRejectedException {
        open("GetProfilePackResponse", 8);
        server();
        index(time("actTime"));
        Duration period = period();
        any("parameterTreePath");
        int columns = listOf("header_List");
        if (columns > MOST_CHANNELS) {
            throw elements.expected("header_List", "at most " + MOST_CHANNELS + " columns");
        }
        List<Channel> channels = new ArrayList<>();
        for (int i = 0; i < columns; i++) {
            open("SML_ProfObjHeaderEntry", 3);
            channels.add(new Channel(code(), unit(), scaler()));
        }
        int rows = listOf("period_List");
        for (int row = 0; row < rows; row++) {
            open("SML_ProfObjPeriodEntry", 4);
            ReadingSink.Time time = time("valTime");
            Long status = status(null);
            int values = listOf("value_List");
            if (values != channels.size()) {
                throw elements.expected("value_List", "a list of " + channels.size() + " as the header_List is");
            }
            for (Channel channel : channels) {
                open("SML_ValueEntry", 2);
                value(channel.obis, channel.unit, channel.scaler, time, period, quality(status));
                octets("valueSignature");
            }
            octets("periodSignature");
        }
        octets("rawdata");
        octets("profileSignature");
    }

    void profileList() throws FrameRejectedException {
        open("GetProfileListResponse", 9);
        server();
        index(time("actTime"));
        Duration period = period();
        any("parameterTreePath");
        ReadingSink.Time time = time("valTime");
        Long status = status(null);
        int entries = listOf("period_List");
        for (int i = 0; i < entries; i++) {
            open("SML_PeriodEntry", 5);
            Obis obis = code();
            int unit = unit();
            int scaler = scaler();
            value(obis, unit, scaler, time, period, quality(status));
            octets("valueSignature");
        }
        octets("rawdata");
        octets("periodSignature");
    }

    private void index(ReadingSink.Time time) {
        if (time.index() >= 0) {
            sink.index(server, time.index());
        }
    }

    private void open(String name, int length) throws FrameRejectedException {
        elements.list(name, length);
        file.told(name, () -> "list of " + length);
    }

    private int listOf(String name) throws FrameRejectedException {
        elements.next(name);
        if (elements.absent()) {
            file.told(name);
            return 0;
        }
        if (elements.type() != Elements.LIST) {
            throw elements.expected(name, "a list");
        }
        file.told(name, () -> "list of " + elements.length());
        return elements.length();
    }

    private void octets(String name) throws FrameRejectedException {
        elements.octets(name);
        file.told(name);
    }

    private void server() throws FrameRejectedException {
        elements.octets("serverId");
        server = elements.hex();
        file.told("serverId");
    }

    private void any(String name) throws FrameRejectedException {
        elements.walk(name, depth -> file.told(name));
    }

    private Duration period() throws FrameRejectedException {
        elements.next("regPeriod");
        if (!elements.number() || elements.integer() < 0) {
            throw elements.expected("regPeriod", "a number of seconds");
        }
        file.told("regPeriod", () -> elements.shown() + " s");
        return Duration.ofSeconds(elements.integer() > 86_400 ? 0 : elements.integer());
    }

    /** The OBIS code of an entry. */
    private Obis code() throws FrameRejectedException {
        elements.next("objName");
        if (elements.type() != Elements.OCTETS || elements.length() != CODE_LENGTH) {
            throw elements.expected("objName", "an OBIS code of 6 bytes");
        }
        Obis obis = new Obis(
                elements.octet(0),
                elements.octet(1),
                elements.octet(2),
                elements.octet(3),
                elements.octet(4),
                elements.octet(5));
        file.told("objName", obis::toString);
        return obis;
    }

    private @Nullable Long status(@Nullable Obis obis) throws FrameRejectedException {
        elements.next("status");
        if (elements.absent()) {
            file.told("status");
            return null;
        }
        if (!elements.number()) {
            throw elements.expected("status", "a status word");
        }
        if (file.traced()) {
            file.told("status", () -> Status.shown(elements.integer()));
        }
        lastStatus = elements.integer();
        return lastStatus;
    }

    private static int quality(@Nullable Long status) {
        return status != null && Status.doubtful(status) ? Quality.SUSPECT : 0;
    }

    private int unit() throws FrameRejectedException {
        elements.next("unit");
        if (!elements.absent() && (elements.type() != Elements.UNSIGNED || elements.length() > 1)) {
            throw elements.expected("unit", "a code of one byte");
        }
        int unit = elements.absent() ? 0 : (int) elements.integer();
        file.told("unit", () -> elements.absent() ? "not set" : Units.shown(unit));
        return unit;
    }

    private int scaler() throws FrameRejectedException {
        elements.next("scaler");
        if (!elements.absent() && (!elements.number() || elements.length() > 1)) {
            throw elements.expected("scaler", "a power of ten of one byte");
        }
        file.told("scaler");
        // A few meters send the signed number as an unsigned one.
        return elements.absent() ? 0 : (byte) elements.integer();
    }

    /** A time: seconds of the meter's index, or UTC, or UTC with the offset of local time (5.1.1, SML_Time). */
    private ReadingSink.Time time(String name) throws FrameRejectedException {
        elements.next(name);
        if (elements.absent()) {
            file.told(name);
            return ReadingSink.Time.NONE;
        }
        if (elements.type() == Elements.UNSIGNED) {
            // Holley DTZ541 leaves out the choice and sends the index alone.
            file.told(name, () -> "index " + elements.shown() + " s");
            return new ReadingSink.Time(null, elements.integer() & 0xffff_ffffL);
        }
        if (elements.type() != Elements.LIST || elements.length() != 2) {
            throw elements.expected(name, "a list of 2 (SML_Time)");
        }
        file.told(name, () -> "list of 2");
        elements.next(name + " choice");
        if (elements.type() != Elements.UNSIGNED) {
            throw elements.expected(name + " choice", "1, 2 or 3");
        }
        int choice = (int) Math.min(255, elements.integer() & Long.MAX_VALUE);
        file.told(name + " choice", elements::shown);
        switch (choice) {
            case 1:
                seconds(name + " secIndex");
                file.told(name + " secIndex", () -> elements.shown() + " s");
                // DZG meters say 0 where a value has no time of its own.
                return elements.integer() == 0 ? ReadingSink.Time.NONE : new ReadingSink.Time(null, elements.integer());
            case 2:
                return timestamp(name);
            case 3:
                open(name + " localTimestamp", 3);
                ReadingSink.Time time = timestamp(name);
                offset(name + " localOffset");
                offset(name + " seasonTimeOffset");
                return time;
            default:
                throw elements.expected(name + " choice", "1 (secIndex), 2 (timestamp) or 3 (localTimestamp)");
        }
    }

    private void seconds(String name) throws FrameRejectedException {
        elements.next(name);
        if (elements.type() != Elements.UNSIGNED || elements.integer() < 0 || elements.length() > 5) {
            throw elements.expected(name, "an unsigned number of seconds");
        }
    }

    private ReadingSink.Time timestamp(String name) throws FrameRejectedException {
        seconds(name + " timestamp");
        long seconds = elements.integer();
        if (seconds == 0) {
            file.told(name + " timestamp", () -> "not set");
            return ReadingSink.Time.NONE;
        }
        Instant instant = Instant.ofEpochSecond(seconds);
        file.told(name + " timestamp", instant::toString);
        return new ReadingSink.Time(instant, -1);
    }

    private void offset(String name) throws FrameRejectedException {
        elements.next(name);
        if (!elements.number() || Math.abs(elements.integer()) > 24 * 60) {
            throw elements.expected(name, "minutes");
        }
        file.told(name, () -> elements.shown() + " min");
    }

    private void value(Obis obis, int unit, int scaler, ReadingSink.Time time, @Nullable Duration period, int quality)
            throws FrameRejectedException {
        if (payloadType() == Elements.LIST) {
            // SML_List of 1.04: a value with a structure of its own is no number.
            elements.walk("value", depth -> file.told("value"));
            return;
        }
        elements.next("value");
        if (!elements.number()) {
            file.told("value");
            return;
        }
        BigDecimal number = new BigDecimal(exact(), -scaler);
        Units.Coded coded = Units.of(unit);
        if (file.traced()) {
            String text = number.toPlainString()
                    + (coded == null ? "" : " " + coded.base().symbol())
                    + (scaler == 0 ? "" : " (" + elements.shown() + " × 10^" + scaler + ")");
            file.told("value of " + obis, () -> text);
        }
        Unit base;
        if (coded != null) {
            base = coded.base();
            number = number.multiply(coded.factor());
        } else {
            Optional<Register> register = unit == 0 ? sink.register(obis) : Optional.empty();
            if (register.isEmpty()) {
                if (obis.a() < MAKERS_OWN && obis.c() < 93) {
                    sink.unnamed(obis + (unit == 0 ? "" : " in unit " + unit));
                }
                return;
            }
            base = register.get().quantity().unit();
            number = number.multiply(register.get().factor());
        }
        int doubt = base == Unit.WATT && unsignedSentAsSigned() ? Quality.SUSPECT : 0;
        sink.add(
                server,
                obis,
                base,
                number,
                start(obis, time, period),
                period == null || period.isZero() ? null : period,
                quality | doubt,
                payload,
                elements.start());
    }

    private int payloadType() {
        return elements.atEnd() ? -1 : elements.peek() >> 4 & 7;
    }

    private BigInteger exact() {
        BigInteger value = BigInteger.valueOf(elements.integer());
        return elements.beyond() ? value.add(TWO_TO_64) : value;
    }

    /**
     * Whether the value is negative although the same list says that energy flows in: some DZG meters send a power above 327.67 W in
     * 16 bits without the sign bit that a positive number needs. The value stays as it was sent.
     */
    private boolean unsignedSentAsSigned() {
        return elements.type() == Elements.INTEGER
                && elements.length() == 2
                && elements.integer() < 0
                && server.startsWith("0a01445a47")
                && lastStatus >= 0
                && Status.saysInwards(lastStatus);
    }

    /** Of averages over an interval the time tells the end. */
    private static ReadingSink.Time start(Obis obis, ReadingSink.Time time, @Nullable Duration period) {
        if (period == null || time.absolute() == null) {
            return time;
        }
        return switch (obis.d()) {
            case 4, 5, 6, 14, 15, 16, 24, 25, 26, 27, 28, 29 ->
                new ReadingSink.Time(time.absolute().minus(period), -1);
            default -> time;
        };
    }
}
