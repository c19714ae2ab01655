// SPDX-License-Identifier: EPL-2.0
package org.meterway.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class EnrolmentKeyTest {
    /** RFC 4231, test case 1: the data there is the identity here. */
    @Test
    void aKeyIsTheFirst16BytesOfTheHmac() {
        EnrolmentKey key = EnrolmentKey.ofHex("0b".repeat(20));

        assertEquals("b0344c61d8db38535ca8afceaf0bf12b", HexFormat.of().formatHex(key.pskOf("Hi There")));
    }

    @Test
    void aShortSecretIsRefusedAndNoneIsShown() {
        assertThrows(IllegalArgumentException.class, () -> EnrolmentKey.ofHex("0011"));
        assertFalse(EnrolmentKey.ofHex("5a".repeat(16)).toString().contains("5a"));
    }
}
