// SPDX-License-Identifier: EPL-2.0
package org.meterway.lwm2m;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.meterway.api.codec.Frame;
import org.meterway.api.meter.LineAddress;
import org.meterway.api.meter.Meter;

class AppDataTest {
    private final TestInventory inventory = new TestInventory();
    private final AppData appData = new AppData(inventory, new Alerts(() -> null, Clock.systemUTC()));

    private List<String> found(String contentType, String target, byte[] bytes) {
        return appData.in(new Frame("m1", "lwm2m", contentType, target, Instant.EPOCH, bytes)).stream()
                .map(frame -> frame.contentType() + " " + HexFormat.of().formatHex(frame.bytes()))
                .toList();
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits.replace(" ", ""));
    }

    @Test
    void tlvOfAnObjectAnInstanceOrAResourceIsTaken() {
        // resource 4 "sml", resource 0 with instances 0 and 1
        String resources = "c304736d6c" + "880008" + "42006816" + "42011668";
        assertEquals(
                List.of("application/x.sml 6816", "application/x.sml 1668"),
                found("application/vnd.oma.lwm2m+tlv", "/19/3", hex(resources)));
        assertEquals(
                List.of("application/x.sml 6816", "application/x.sml 1668"),
                found("application/vnd.oma.lwm2m+tlv", "/19", hex("080310" + resources)));
        assertEquals(List.of(), found("application/vnd.oma.lwm2m+tlv", "/3303/0", hex(resources)));
        assertEquals(List.of(), found("application/vnd.oma.lwm2m+tlv", "/19/3", hex("c304736d")));
    }

    @Test
    void withoutADataFormatTheProtocolOfTheMetersLineCounts() {
        assertEquals(List.of(), found("application/octet-stream", "/19/0/0/0", hex("6816")));
        inventory.put(Meter.builder("m1")
                .line(new LineAddress("modem", "dlt645", "1", Map.of()))
                .build());
        assertEquals(List.of("application/x.dlt645 6816"), found("application/octet-stream", "/19/0/0/0", hex("6816")));
        assertEquals(List.of(), found("application/octet-stream", "/19/0/4", hex("6816")));
    }

    @Test
    void aDataFormatMayBeAMediaType() {
        byte[] pack =
                ("[{\"n\":\"/19/0/4\",\"vs\":\"application/x.mbus\"},{\"n\":\"/19/0/0/0\",\"vd\":\"aBY\",\"t\":1},"
                                + "{\"n\":\"/19/0/0/0\",\"vd\":\"Fmg\",\"t\":2}]")
                        .getBytes(StandardCharsets.UTF_8);
        assertEquals(
                List.of("application/x.mbus 6816", "application/x.mbus 1668"),
                found("application/senml+json", "", pack));
    }

    @Test
    void whatIsBrokenIsLeftToTheCodecOfTheWhole() {
        assertTrue(found("application/senml+json", "", "[{\"n\":\"/19/0/0".getBytes(StandardCharsets.UTF_8))
                .isEmpty());
        assertTrue(found("application/senml+cbor", "", hex("82a1002f31392f")).isEmpty());
        assertTrue(found("application/senml+json", "", "\"19/\"".getBytes(StandardCharsets.UTF_8))
                .isEmpty());
    }
}
