// SPDX-License-Identifier: EPL-2.0
package org.meterway.intake;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.meterway.intake.IntakeFixture.energy;
import static org.meterway.intake.IntakeFixture.eventually;
import static org.meterway.intake.IntakeFixture.rejected;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.meterway.api.health.Health;
import org.meterway.api.store.Message;
import org.meterway.api.store.ParkedFrame;

@Timeout(120)
class ParkingTest {
    private final MemoryStore store = new MemoryStore();

    private static void settleAll(IntakeFixture fixture) {
        while (fixture.intake.settle()) {
            Thread.onSpinWait();
        }
    }

    private static List<Object> values(IntakeFixture fixture, String meter) {
        return fixture.today(meter).stream()
                .<Object>map(stored -> stored.reading())
                .toList();
    }

    @Test
    void aMessageWithoutCodecIsDecodedAfterARestartWhenItWasSettledLongAgo() throws Exception {
        try (IntakeFixture fixture = new IntakeFixture(store)) {
            fixture.scaled("m1", "0=5;1=6").toCompletableFuture().get();
            settleAll(fixture);
            assertEquals(0, fixture.intake.statistics().messagesUnsettled());
            ParkedFrame parked = fixture.parked().get(0);
            assertEquals(1, parked.message());
            assertEquals("", parked.codec());
            assertEquals("there is no codec for text/scaled", parked.reason());
        }
        try (IntakeFixture fixture = new IntakeFixture(store)) {
            assertEquals(Health.Status.DEGRADED, fixture.intake.health().status());
            fixture.intake.bindCodec(new ScaledCodec("1", 1), Map.of());
            settleAll(fixture);
            assertEquals(List.of(energy(0, 5), energy(1, 6)), values(fixture, "m1"));
            assertEquals(1, fixture.today("m1").get(0).message());
            assertEquals(List.of(), fixture.parked());
            assertEquals(1, fixture.intake.parkingStatistics().decoded());
            assertEquals(Health.Status.UP, fixture.intake.health().status());
            Message message = store.message(1).orElseThrow().message();
            assertEquals("scaled", message.codec(), "the message says who decoded it in the end");
        }
    }

    @Test
    void aRefusedFrameIsParkedWithFieldAndOffsetAndItsSenderToldSo() {
        try (IntakeFixture fixture = new IntakeFixture(store)) {
            fixture.intake.bindCodec(new ScaledCodec("1", 1), Map.of());
            assertEquals(4, rejected(fixture.scaled("m1", "0=5;x=6")).offset());
            assertEquals(0, store.appended());
            ParkedFrame parked = fixture.parked().get(0);
            assertTrue(parked.refused());
            assertEquals("value", parked.field());
            assertEquals(4, parked.offset());
            assertEquals("expected half-hour=value, was 'x=6'", parked.reason());
            assertEquals("scaled 1", parked.codec() + " " + parked.codecVersion());
            assertArrayEquals("0=5;x=6".getBytes(), parked.frame().bytes());
            assertEquals(1L, fixture.intake.health().values().get("parked.refused"));
            assertEquals(Health.Status.UP, fixture.intake.health().status(), "a wrong meter is no fault of intake");
        }
    }

    @Test
    void aRefusedFrameBecomesAMessageWhenABetterCodecComesButIsNotTriedByTheOneThatRefusedIt() throws Exception {
        ScaledCodec better = new ScaledCodec("2", 1);
        try (IntakeFixture fixture = new IntakeFixture(store)) {
            Refusing old = new Refusing();
            fixture.intake.bindCodec(old, Map.of());
            rejected(fixture.scaled("m1", "0=5"));
            settleAll(fixture);
            assertEquals(1, old.asked);
        }
        try (IntakeFixture fixture = new IntakeFixture(store)) {
            Refusing old = new Refusing();
            fixture.intake.bindCodec(old, Map.of());
            settleAll(fixture);
            assertEquals(0, old.asked, "the same codec in the same version would refuse it again");
            fixture.intake.unbindCodec(old);
            fixture.intake.bindCodec(better, Map.of());
            eventually(() -> {
                fixture.intake.settle();
                return fixture.parked().isEmpty();
            });
            assertEquals(List.of(energy(0, 5)), values(fixture, "m1"));
            assertEquals(1, store.appended());
            settleAll(fixture);
            assertEquals(1, store.appended(), "once is enough");
        }
    }

    @Test
    void aRefusedFrameIsTriedAgainByTheSameCodecWhenAskedTo() {
        try (IntakeFixture fixture = new IntakeFixture(store)) {
            Refusing codec = new Refusing();
            fixture.intake.bindCodec(codec, Map.of());
            rejected(fixture.scaled("m1", "0=5"));
            rejected(fixture.scaled("m2", "0=5"));
            settleAll(fixture);
            fixture.intake.retryParked(Optional.of("m2"));
            settleAll(fixture);
            eventually(() -> codec.asked == 3);
            assertEquals(2, fixture.parked().size());
        }
    }

    @Test
    void whatIsRefusedByTheCodecThatCameLateSaysSo() throws Exception {
        try (IntakeFixture fixture = new IntakeFixture(store)) {
            fixture.scaled("m1", "nonsense").toCompletableFuture().get();
            settleAll(fixture);
            assertEquals("", fixture.parked().get(0).field());
            fixture.intake.bindCodec(new ScaledCodec("1", 1), Map.of());
            settleAll(fixture);
            assertEquals("value", fixture.parked().get(0).field());
            assertEquals("1", fixture.parked().get(0).codecVersion());
            assertFalse(fixture.intake.settle());
        }
    }

    @Test
    void parkingIsBoundedForAMeterAndInAllAndTheOldestGiveWay() {
        try (IntakeFixture fixture =
                new IntakeFixture(store, Map.of("parked.refused.meter", 3, "parked.refused.messages", 5))) {
            fixture.intake.bindCodec(new ScaledCodec("1", 1), Map.of());
            for (int number = 0; number < 5; number++) {
                rejected(fixture.scaled("m1", "bad " + number));
            }
            assertEquals(List.of("bad 4", "bad 3", "bad 2"), texts(fixture));
            assertEquals(2, fixture.intake.parkingStatistics().dropped());
            for (int number = 0; number < 4; number++) {
                rejected(fixture.scaled("m" + (2 + number), "bad"));
            }
            assertEquals(List.of("bad", "bad", "bad", "bad", "bad 4"), texts(fixture));
            assertEquals(4, fixture.intake.parkingStatistics().dropped());
            assertEquals(5, fixture.intake.parkingStatistics().refused());
        }
        try (IntakeFixture fixture =
                new IntakeFixture(store, Map.of("parked.refused.meter", 3, "parked.refused.messages", 5))) {
            assertEquals(5, fixture.intake.parkingStatistics().refused());
            fixture.intake.bindCodec(new ScaledCodec("1", 1), Map.of());
            rejected(fixture.scaled("m1", "bad 9"));
            assertEquals(List.of("bad 9", "bad", "bad", "bad", "bad"), texts(fixture));
        }
    }

    private static List<String> texts(IntakeFixture fixture) {
        return fixture.parked().stream()
                .map(frame -> new String(frame.frame().bytes()))
                .toList();
    }

    @Test
    void undecodedMessagesGiveWayToNewerOnesButStayInTheStore() throws Exception {
        try (IntakeFixture fixture = new IntakeFixture(store, Map.of("parked.undecoded.messages", 2))) {
            for (int slot = 0; slot < 4; slot++) {
                fixture.scaled("m1", slot + "=1").toCompletableFuture().get();
            }
            settleAll(fixture);
            assertEquals(List.of("3=1", "2=1"), texts(fixture));
            assertEquals(2, fixture.intake.parkingStatistics().dropped());
            assertEquals(4, store.appended());
        }
    }

    @Test
    void aSettlingThatFailsAtTheLastMomentParksNothingTwice() throws Exception {
        try (IntakeFixture fixture = new IntakeFixture(store)) {
            fixture.scaled("m1", "0=5").toCompletableFuture().get();
            store.failingAfterSettle = true;
            fixture.intake.settle();
            store.failingAfterSettle = false;
            fixture.scaled("m1", "1=5").toCompletableFuture().get();
            settleAll(fixture);
            assertEquals(List.of("1=5", "0=5"), texts(fixture));
            assertEquals(2, fixture.intake.parkingStatistics().undecoded());
        }
    }

    @Test
    void aParkedFrameThatAPersonGivesUpIsForgotten() throws Exception {
        try (IntakeFixture fixture = new IntakeFixture(store)) {
            fixture.scaled("m1", "0=5").toCompletableFuture().get();
            fixture.scaled("m1", "1=5").toCompletableFuture().get();
            settleAll(fixture);
            long number = fixture.parked().get(1).number();
            assertTrue(fixture.intake.forgetParked(number));
            assertFalse(fixture.intake.forgetParked(number));
            assertFalse(fixture.intake.forgetParked(99));
            assertEquals(List.of("1=5"), texts(fixture));
            assertEquals(1, fixture.intake.parkingStatistics().undecoded());
            assertEquals(0, fixture.intake.parkingStatistics().decoded());
            fixture.intake.bindCodec(new ScaledCodec("1", 1), Map.of());
            settleAll(fixture);
            assertEquals(List.of(energy(1, 5)), values(fixture, "m1"));
        }
    }

    @Test
    void manyParkedMessagesAreDecodedPageByPage() throws Exception {
        try (IntakeFixture fixture = new IntakeFixture(store)) {
            for (int number = 0; number < 450; number++) {
                fixture.scaled("m" + number, "0=5").toCompletableFuture().get();
            }
            settleAll(fixture);
            fixture.intake.bindCodec(new ScaledCodec("1", 1), Map.of());
            settleAll(fixture);
            assertEquals(450, fixture.intake.parkingStatistics().decoded());
            assertEquals(1, fixture.today("m449").size());
            assertEquals(List.of(), fixture.parked());
        }
    }

    /** A first version that takes nothing. */
    private static final class Refusing implements org.meterway.api.codec.Codec {
        private volatile int asked;

        @Override
        public String name() {
            return "scaled";
        }

        @Override
        public String version() {
            return "1";
        }

        @Override
        public java.util.Set<String> contentTypes() {
            return java.util.Set.of(ScaledCodec.TYPE);
        }

        @Override
        public synchronized org.meterway.api.codec.Decoded decode(
                org.meterway.api.codec.Frame frame, org.meterway.api.codec.DecodeContext context)
                throws org.meterway.api.codec.FrameRejectedException {
            asked++;
            throw new org.meterway.api.codec.FrameRejectedException("everything", 0, "is not known yet");
        }
    }
}
