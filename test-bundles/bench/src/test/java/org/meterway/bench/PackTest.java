// SPDX-License-Identifier: EPL-2.0
package org.meterway.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class PackTest {
    @Test
    void theRegisterNeverFalls() {
        for (int meter = 0; meter < 50; meter++) {
            Pack pack = new Pack("1-0:1.8.0", meter);
            for (long i = 1; i < 48 * 40; i++) {
                assertTrue(pack.wattHours(i) >= pack.wattHours(i - 1), "meter " + meter + " interval " + i);
            }
        }
    }

    @Test
    void aPackHoldsTheIntervalsAskedForWithTheirValues() throws IOException {
        Pack pack = new Pack("1-0:1.8.0", 7);
        long from = pack.take(48);
        assertEquals(48, pack.position());
        int values = 0;
        try (var parser = new CBORFactory().createParser(pack.encode(from, 48))) {
            while (parser.nextToken() != null) {
                if (parser.currentToken() == JsonToken.FIELD_NAME
                        && parser.currentName().equals("2")) {
                    parser.nextToken();
                    assertEquals(pack.wattHours(from + values), parser.getLongValue());
                    values++;
                }
            }
        }
        assertEquals(48, values);
    }
}
