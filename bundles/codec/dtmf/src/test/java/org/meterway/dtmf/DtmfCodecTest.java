// SPDX-License-Identifier: EPL-2.0
package org.meterway.dtmf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.meterway.api.codec.Decoded;
import org.meterway.api.codec.Field;
import org.meterway.api.codec.FrameRejectedException;
import org.meterway.api.model.Register;
import org.meterway.api.reading.Quality;
import org.meterway.api.reading.Quantity;
import org.meterway.api.reading.Reading;
import org.meterway.api.reading.Unit;

class DtmfCodecTest {
    /** Meter 161 at 2026-11-22 10:00: 123456.7 Wh, −21.5 °C. */
    private static final String FRAME = Decoding.frame("161D2611221000A01123456C7A72B21C5");

    private final DtmfToneCoder coder = new DtmfToneCoder();

    private static Reading reading(String obis, Unit unit, String value, String time) {
        Quantity quantity = Quantity.of(obis, unit);
        long count = quantity.toCount(new BigDecimal(value));
        return new Reading(quantity, Instant.parse(time), Duration.ZERO, count, Quality.MEASURED);
    }

    private static FrameRejectedException rejected(String digits) {
        return assertThrows(FrameRejectedException.class, () -> new Decoding().decode(digits), digits);
    }

    @Test
    void aFrameBecomesItsReadings() throws Exception {
        assertEquals("*37161D2611221000A01123456C7A72B21C596#", FRAME);
        assertEquals(
                List.of(
                        reading("1-0:1.8.0", Unit.WATT_HOUR, "123456.7", "2026-11-22T10:00:00Z"),
                        reading("0-0:96.9.0", Unit.DEGREE_CELSIUS, "-21.5", "2026-11-22T10:00:00Z")),
                new Decoding().decode(FRAME).readings());
    }

    @Test
    void everyDigitIsInTheTrace() throws Exception {
        Decoding decoding = new Decoding();
        decoding.decode(FRAME);
        int at = 0;
        for (Field field : decoding.fields) {
            assertEquals(at, field.offset(), field.meaning());
            at += field.length();
        }
        assertEquals(FRAME.length(), at);
    }

    @Test
    void readingsGoThereAndBackInAsManyFramesAsNeeded() throws Exception {
        List<Reading> readings = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            readings.add(reading(
                    "1-0:1.8.0",
                    Unit.WATT_HOUR,
                    1000000.001 * i + "",
                    "2026-11-22T0" + i / 10 + ":0" + i % 10 + ":0" + i % 2 + "Z"));
            readings.add(reading(
                    "1-0:32.7.0", Unit.VOLT, "230." + i, "2026-11-22T0" + i / 10 + ":0" + i % 10 + ":0" + i % 2 + "Z"));
        }
        String digits = coder.digits("000000000161", readings);
        assertTrue(digits.chars().filter(c -> c == '*').count() > 10);
        assertEquals(readings, new Decoding().decode(digits).readings());
    }

    @ParameterizedTest
    @ValueSource(ints = {8000, 16000})
    void tonesGoThereAndBack(int rate) throws Exception {
        byte[] wave = coder.tones(FRAME, rate);
        assertEquals(FRAME, coder.digits(wave));
        Decoding decoding = new Decoding();
        assertEquals(2, decoding.decode(wave).readings().size());
        List<Field> heard = decoding.fields.stream()
                .filter(field -> field.part().isEmpty() && field.meaning().startsWith("digit "))
                .toList();
        assertEquals(FRAME.length(), heard.size());
        assertTrue(decoding.fields.stream().anyMatch(field -> field.part().equals("digits")));
        int expected = 44 + (int) (0.05 * rate) * 2;
        assertEquals(expected, heard.get(0).offset(), 0.008 * rate * 2);
    }

    @Test
    void everyWrongDigitIsFound() {
        String symbols = "0123456789ABCD*#";
        for (int i = 0; i < FRAME.length(); i++) {
            for (char symbol : symbols.toCharArray()) {
                if (symbol != FRAME.charAt(i)) {
                    rejected(FRAME.substring(0, i) + symbol + FRAME.substring(i + 1));
                }
            }
        }
    }

    @Test
    void everySwapOfNeighboursIsFound() {
        for (int i = 0; i + 1 < FRAME.length(); i++) {
            if (FRAME.charAt(i) != FRAME.charAt(i + 1)) {
                rejected(FRAME.substring(0, i) + FRAME.charAt(i + 1) + FRAME.charAt(i) + FRAME.substring(i + 2));
            }
        }
    }

    @Test
    void everyLostOrDoubledDigitIsFound() {
        for (int i = 0; i < FRAME.length(); i++) {
            rejected(FRAME.substring(0, i) + FRAME.substring(i + 1));
            if (i > 0 && i < FRAME.length() - 1) {
                rejected(FRAME.substring(0, i) + FRAME.charAt(i) + FRAME.substring(i));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'', start mark, 0",
        "123, start mark, 0",
        "12x, digit, 2",
        "*1234, end mark, 5",
        "*12*34#, end mark, 3",
        "*12#, length, 1",
        "*AB1234#, length, 1",
        "*0616A0112#, length, 1",
        "*0816A01100#, length, 1",
        "*1016A011A0#, check digits, 9",
        "*1016A01101#, check digits, 9"
    })
    void aBrokenFrameIsRejectedWhereItIsBroken(String digits, String field, int index) {
        FrameRejectedException rejected = rejected(digits);
        assertEquals(field + " " + index, rejected.field() + " " + rejected.offset(), rejected.getMessage());
    }

    @ParameterizedTest
    @CsvSource({
        "A011, address, 3",
        "1234567890123A011, address, 3",
        "161, value, 6",
        "161D26112210A011, time, 6",
        "161D2613221000A011, time, 7",
        "161D2602301000A011, time, 7",
        "161D2611222400A011, time, 7",
        "161B1, value, 6",
        "161A0, quantity, 6",
        "161A01, value, 9",
        "161A01B, value, 9",
        "161A01C5, value, 9",
        "161A015C, value, 10",
        "161A015C5C5, value, 12",
        "161A011234567890123456789, value, 9",
        "161A01123456789012345678, value, 9",
        "161A015A016, value, 13"
    })
    void aBrokenBodyIsRejectedWhereItIsBroken(String body, String field, int index) {
        FrameRejectedException rejected = rejected(Decoding.frame(body));
        assertEquals(field + " " + index, rejected.field() + " " + rejected.offset(), rejected.getMessage());
    }

    @Test
    void anUnknownShortCodeIsNamedAndTheRestIsRead() throws Exception {
        Decoded decoded = new Decoding().decode(Decoding.frame("161A995A0112"));
        assertEquals(List.of("quantity 99"), decoded.unnamed());
        assertEquals(
                List.of(reading("1-0:1.8.0", Unit.WATT_HOUR, "12", Decoding.RECEIVED.toString())), decoded.readings());
    }

    @Test
    void aValueOnTheGridOfItsRegisterIsAnIntervalValue() throws Exception {
        Decoding decoding = new Decoding();
        Quantity quantity =
                new Quantity(Quantity.of("1-0:1.8.0", Unit.WATT_HOUR).obis(), Unit.WATT_HOUR, 0);
        decoding.registers.put(
                "1-0:1.8.0", new Register("", "", quantity, BigDecimal.TEN, Duration.ofMinutes(30), true));
        Reading reading = decoding.decode(FRAME).readings().get(0);
        assertEquals(Duration.ofMinutes(30), reading.interval());
        assertEquals(new BigDecimal("123457"), reading.value());
        assertEquals(Quality.MEASURED | Quality.ROUNDED, reading.quality());
    }

    @Test
    void whatCannotBeCarriedIsRefused() {
        List<Reading> good = List.of(reading("1-0:1.8.0", Unit.WATT_HOUR, "1", "2026-11-22T10:00:00Z"));
        assertThrows(IllegalArgumentException.class, () -> coder.digits("12A", good));
        assertThrows(IllegalArgumentException.class, () -> coder.digits("161", List.of()));
        List<Reading> unknown = List.of(reading("1-0:99.8.0", Unit.WATT_HOUR, "1", "2026-11-22T10:00:00Z"));
        assertThrows(IllegalArgumentException.class, () -> coder.digits("161", unknown));
        List<Reading> early = List.of(reading("1-0:1.8.0", Unit.WATT_HOUR, "1", "1999-11-22T10:00:00Z"));
        assertThrows(IllegalArgumentException.class, () -> coder.digits("161", early));
        assertThrows(IllegalArgumentException.class, () -> coder.tones("12E", 8000));
        assertThrows(IllegalArgumentException.class, () -> coder.tones("12", 11025));
        assertThrows(IllegalArgumentException.class, () -> coder.tones("", 8000));
    }

    /** Our samples in another coding of WAVE. */
    private byte[] coded(int coding, int bits, int channels, short... samples) {
        int size = bits / 8 * channels;
        ByteBuffer out = ByteBuffer.allocate(44 + size * samples.length).order(ByteOrder.LITTLE_ENDIAN);
        out.put(Arrays.copyOf(coder.tones("1", 8000), 44));
        out.putShort(20, (short) coding).putShort(22, (short) channels).putShort(34, (short) bits);
        out.putInt(40, size * samples.length);
        for (short sample : samples) {
            for (int channel = 0; channel < channels; channel++) {
                switch (bits) {
                    case 8 -> out.put((byte) ((sample >> 8) + 128));
                    case 16 -> out.putShort(sample);
                    case 24 -> out.put((byte) 0).putShort(sample);
                    default -> {
                        if (coding == 3) {
                            out.putFloat(sample / 32768f);
                        } else {
                            out.putInt(sample << 16);
                        }
                    }
                }
            }
        }
        return out.array();
    }

    @ParameterizedTest
    @CsvSource({"1, 8, 1", "1, 16, 2", "1, 24, 1", "1, 32, 1", "3, 32, 1", "3, 32, 2"})
    void otherCodingsOfWaveAreRead(int coding, int bits, int channels) throws Exception {
        assertEquals(FRAME, coder.digits(coded(coding, bits, channels, Tones.samples(FRAME, 8000))));
    }

    @Test
    void everyCutOfTheHeaderIsRejected() {
        byte[] wave = coder.tones("1", 8000);
        for (int length = 0; length < wave.length; length += length < 50 ? 1 : 97) {
            byte[] cut = Arrays.copyOf(wave, length);
            assertThrows(FrameRejectedException.class, () -> new Decoding().decode(cut), "cut at " + cut.length);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "8, 0, RIFF header, 8",
        "20, 9, format, 20",
        "22, 0, channels, 22",
        "22, 99, channels, 22",
        "24, 0, sample rate, 24",
        "34, 12, format, 20",
        "16, 15, format, 20",
        "18, 99, chunk length, 16",
        "43, 9, data length, 40"
    })
    void aBrokenWaveIsRejectedWhereItIsBroken(int at, int value, String field, int offset) {
        byte[] wave = coder.tones("1", 8000);
        wave[at] = (byte) value;
        if (at == 24) {
            wave[25] = 0;
        }
        FrameRejectedException rejected = assertThrows(FrameRejectedException.class, () -> coder.digits(wave));
        assertEquals(field + " " + offset, rejected.field() + " " + rejected.offset(), rejected.getMessage());
    }

    @Test
    void aRecordingWithoutDigitsIsRejected() {
        byte[] silence = Wave.write(new short[8000], 8000);
        FrameRejectedException rejected =
                assertThrows(FrameRejectedException.class, () -> new Decoding().decode(silence));
        assertEquals("digits", rejected.field());
    }

    @Test
    void aRejectionInARecordingPointsToTheTone() {
        byte[] wave = coder.tones(FRAME.replace("A01", "A02"), 8000);
        FrameRejectedException rejected = assertThrows(FrameRejectedException.class, () -> new Decoding().decode(wave));
        assertEquals("check digits", rejected.field());
        int digit = FRAME.length() - 3;
        assertEquals(44 + 2 * (400 + digit * 800), rejected.offset(), 2 * 8 * 6);
    }

    @Test
    void moreThanTheMostIsRejectedUnread() {
        assertEquals(-1, rejected("1".repeat(DtmfCodec.MOST_DIGITS + 1)).offset());
        byte[] wave = Arrays.copyOf(coder.tones("1", 8000), DtmfCodec.LONGEST_WAVE + 1);
        assertThrows(FrameRejectedException.class, () -> coder.digits(wave));
    }
}
