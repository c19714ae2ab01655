// SPDX-License-Identifier: EPL-2.0
package org.meterway.intake;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.meterway.api.codec.Codec;
import org.meterway.api.codec.DecodeContext;
import org.meterway.api.codec.Decoded;
import org.meterway.api.codec.Frame;
import org.osgi.framework.Constants;

class CodecsTest {
    private final Codecs codecs = new Codecs();

    @Test
    void theHighestRankingDecodesAndTheNextWhenItGoes() {
        Codec old = new Named("1", Set.of("a", "b"));
        Codec better = new Named("2", Set.of("b"));
        codecs.add(old, properties(1, 0));
        codecs.add(better, properties(2, 10));
        assertEquals(Optional.of(old), codecs.find("a"));
        assertEquals(Optional.of(better), codecs.find("b"));
        codecs.remove(better);
        assertEquals(Optional.of(old), codecs.find("b"));
        codecs.remove(old);
        assertEquals(Optional.empty(), codecs.find("b"));
    }

    @Test
    void amongEqualsTheOldestDecodes() {
        Codec first = new Named("1", Set.of("a"));
        Codec second = new Named("2", Set.of("a"));
        codecs.add(second, properties(8, 0));
        codecs.add(first, properties(7, 0));
        assertEquals(Optional.of(first), codecs.find("a"));
    }

    private static Map<String, Object> properties(long id, int ranking) {
        return Map.of(Constants.SERVICE_ID, id, Constants.SERVICE_RANKING, ranking);
    }

    private record Named(String version, Set<String> contentTypes) implements Codec {
        @Override
        public String name() {
            return "named";
        }

        @Override
        public Decoded decode(Frame frame, DecodeContext names) {
            return new Decoded(List.of(), List.of());
        }
    }
}
