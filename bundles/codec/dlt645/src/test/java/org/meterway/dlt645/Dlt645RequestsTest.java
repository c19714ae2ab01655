// SPDX-License-Identifier: EPL-2.0
package org.meterway.dlt645;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.meterway.api.codec.FrameRejectedException;

/** Requests, confirmations and refusals: understood, and no readings. */
class Dlt645RequestsTest {
    @ParameterizedTest
    @CsvSource({
        "08, 512210050617, 'broadcast time, request', 'time: 2017-06-05T10:22:51'",
        "11, 00000100, 'read data, request', 'data identifier: 00010000 forward active energy'",
        "11, 01000006 05 0000110616, 'read data, request', 'from: 2016-06-11T00:00'",
        "12, 0000010002, 'read following data, request', 'sequence number: 02'",
        "13, '', 'read address, request', 'length: 0'",
        "14, 01010004 02111111 01020304 06291218, 'write data, request', 'date and weekday: 2018-12-29 weekday 6'",
        "15, 123456781013, 'write address, request', 'new address: 131078563412'",
        "16, 99999999, 'freeze, request', 'freeze: now'",
        "16, 00009999, 'freeze, request', 'freeze: every day at 00:00'",
        "16, 30999999, 'freeze, request', 'freeze: every hour at minute 30'",
        "16, 00080199, 'freeze, request', 'freeze: every month on day 01 at 08:00'",
        "17, 08, 'change rate, request', 'rate: 08 (2400)'",
        "18, 020C0004 02111111 02222222, 'change password, request', 'new password: (not shown)'",
        "19, 02111111 01020304, 'clear maximum demand, request', 'operator: 04030201'",
        "1A, 02111111 01020304, 'clear meter, request', 'password: (not shown)'",
        "1B, 02111111 01020304 FFFFFFFF, 'clear events, request', 'events: FFFFFFFF'",
        "1C, 02111111 01020304 1A 00 000000301299, 'control, request', 'command: 1A disconnect'",
        "1D, 01, 'multifunction terminal, request', 'terminal signal: demand period'",
        "03, 01000007 01020304 AABB, 'security authentication, request', 'data identifier: 07000001'",
        "01, 1090, 'read data, request (1997)', 'data identifier: 9010 forward active energy'",
        "02, 1090, 'read following data, request (1997)', 'data identifier: 9010'",
        "03, '', 'read again, request (1997)', 'length: 0'",
        "04, 10C0 00111111 06060719, 'write data, request (1997)', 'date and weekday: 2019-07-06 weekday 6'",
        "0A, 123456781013, 'write address, request (1997)', 'new address: 131078563412'",
        "0C, 08, 'change rate, request (1997)', 'rate: 08'",
        "0F, 00111111 00222222, 'change password, request (1997)', 'new password: (not shown)'",
        "10, 00111111, 'clear maximum demand, request (1997)', 'password: (not shown)'",
        "94, '', 'write data, answer', 'length: 0'",
        "95, '', 'write address, answer', 'length: 0'",
        "96, '', 'freeze, answer', 'length: 0'",
        "97, 08, 'change rate, answer', 'rate: 08 (2400)'",
        "98, 02222222, 'change password, answer', '(not shown)'",
        "9C, '', 'control, answer', 'length: 0'",
        "9D, 00, 'multifunction terminal, answer', 'clock seconds'",
        "84, '', 'write data, answer (1997)', 'length: 0'",
        "8A, '', 'write address, answer (1997)', 'length: 0'",
        "D1, 02, 'read data, refusal', 'error word: 02 (no requested data)'",
        "D4, 7F, 'write data, refusal', 'other error, no requested data, password error or not authorised, rate cannot be changed, too many seasons, too many day periods, too many tariffs'",
        "DC, 0400, 'control, refusal', 'error word: 0004 (ESAM check failed)'",
        "C3, 0800, 'security authentication, refusal', 'identity check failed'",
        "C1, 77, 'read data, refusal (1997)', 'illegal data, wrong data identifier, password error, too many seasons, too many day periods, too many tariffs'"
    })
    void isUnderstood(String control, String plain, String what, String field) throws FrameRejectedException {
        Bench.Result result = Bench.decode(Bench.frame(Integer.parseInt(control, 16), plain.replace(" ", "")));
        assertEquals(List.of(), result.values());
        assertTrue(result.trace().contains("control: " + control + " " + what), result.trace());
        assertTrue(result.trace().contains(field), result.trace());
        assertFalse(result.trace().contains("111111"), result.trace());
        assertFalse(result.trace().contains("222222"), result.trace());
    }

    @Test
    void wildcardsAndBroadcastAreNamed() throws FrameRejectedException {
        byte[] any = LinkFrame.encode(MeterAddress.ANY.bytes(), 0x13, new byte[0]);
        assertTrue(Bench.decode(Bench.hex(any)).trace().contains("address: AAAAAAAAAAAA (wildcard)"));
        byte[] some = LinkFrame.encode(new MeterAddress("AAAAAAAA0161").bytes(), 0x13, new byte[0]);
        assertTrue(Bench.decode(Bench.hex(some)).trace().contains("address: AAAAAAAA0161 (wildcard)"));
        byte[] all = LinkFrame.encode(MeterAddress.BROADCAST.bytes(), 0x16, Bench.bytes("99999999"));
        assertTrue(Bench.decode(Bench.hex(all)).trace().contains("address: 999999999999 (broadcast)"));
    }

    @Test
    void aWrittenValueIsNoReading() throws FrameRejectedException {
        Bench.Result result = Bench.decode(Bench.frame(0x14, "00000100 02111111 01020304 01000000".replace(" ", "")));
        assertEquals(List.of(), result.values());
        assertTrue(result.trace().contains("forward active energy"), result.trace());
    }
}
