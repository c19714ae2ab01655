// SPDX-License-Identifier: EPL-2.0
package org.meterway.api.reading;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.Test;

class QuantityTest {
    private static final Quantity ENERGY = Quantity.of("1-0:1.8.0", Unit.WATT_HOUR);

    @Test
    void aDecimalSurvivesTheWayThroughACountUnchanged() {
        long count = ENERGY.toCount(new BigDecimal("12345.6789"));
        assertEquals("12345.6789", ENERGY.toValue(count).toPlainString());
        assertEquals(
                "1200", ENERGY.toValue(ENERGY.toCount(new BigDecimal("1.2E3"))).toPlainString());
        assertEquals("-0.000001", ENERGY.toValue(-1).toPlainString());
    }

    @Test
    void digitsBeyondTheScaleAreRoundedHalfToEvenAndSaidToBeInexact() {
        assertTrue(ENERGY.holdsExactly(new BigDecimal("0.0000010")));
        assertFalse(ENERGY.holdsExactly(new BigDecimal("0.0000015")));
        assertEquals(2, ENERGY.toCount(new BigDecimal("0.0000015")));
        assertEquals(2, ENERGY.toCount(new BigDecimal("0.0000025")));
    }

    @Test
    void aValueBeyondSixtyFourBitsIsRefused() {
        assertThrows(ArithmeticException.class, () -> ENERGY.toCount(new BigDecimal("1e13")));
    }

    @Test
    void qualityFlagsHaveNamesInBitOrder() {
        assertEquals(
                List.of("measured", "late", "rounded"),
                Quality.names(Quality.ROUNDED | Quality.MEASURED | Quality.LATE));
        assertEquals(List.of(), Quality.names(0));
    }
}
