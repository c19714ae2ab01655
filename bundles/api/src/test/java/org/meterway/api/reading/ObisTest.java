// SPDX-License-Identifier: EPL-2.0
package org.meterway.api.reading;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ObisTest {
    @Test
    void textAndNumberFormsRoundTrip() {
        for (String text : new String[] {"1-0:1.8.0", "1-0:99.1.0", "255-255:255.255.254*12", "0-1:24.2.1"}) {
            assertEquals(text, Obis.parse(text).toString());
            assertEquals(Obis.parse(text), Obis.fromLong(Obis.parse(text).toLong()));
        }
        assertEquals(Obis.parse("1-0:1.8.0"), Obis.parse("1-0:1.8.0*255"));
    }

    @Test
    void textThatIsNoCodeIsRefusedWithTheText() {
        assertFalse(Obis.isObis("1.8.0"));
        assertFalse(Obis.isObis("1-0:256.8.0"));
        assertTrue(Obis.isObis("1-0:1.8.0"));
        assertEquals(
                "not an OBIS code (A-B:C.D.E or A-B:C.D.E*F): 'x'",
                assertThrows(IllegalArgumentException.class, () -> Obis.parse("x"))
                        .getMessage());
    }
}
