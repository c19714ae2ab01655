// SPDX-License-Identifier: EPL-2.0
package org.meterway.store.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.meterway.store.contract.Samples.EXPORT;
import static org.meterway.store.contract.Samples.HALF_HOUR;
import static org.meterway.store.contract.Samples.IMPORT;
import static org.meterway.store.contract.Samples.NOVEMBER;
import static org.meterway.store.contract.Samples.NOVEMBER_DAY;
import static org.meterway.store.contract.Samples.assertSame;
import static org.meterway.store.contract.Samples.assertSameRaw;
import static org.meterway.store.contract.Samples.messages;
import static org.meterway.store.contract.Samples.row;
import static org.meterway.store.contract.Samples.series;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.meterway.api.codec.Frame;
import org.meterway.api.codec.Invocation;
import org.meterway.api.reading.Obis;
import org.meterway.api.reading.Series;
import org.meterway.api.store.DaySpan;
import org.meterway.api.store.Decoding;
import org.meterway.api.store.LastInvocation;
import org.meterway.api.store.Message;
import org.meterway.api.store.MessagePage;
import org.meterway.api.store.ParkedEntry;
import org.meterway.api.store.ParkedFrame;
import org.meterway.api.store.ProfileRow;
import org.meterway.api.store.ReadingStore;
import org.meterway.api.store.Revision;
import org.meterway.api.store.Settlement;
import org.meterway.api.store.StoredMessage;

/** What {@link ReadingStore} promises for parking, invocation counters, replay and trace. */
public abstract class ReplayStoreContract {
    private static final Instant LONG_AGO = Instant.parse("1990-01-01T00:00:00Z");
    private static final Instant FAR_AHEAD = Instant.parse("2200-01-01T00:00:00Z");
    private static final Predicate<String> ANY = meter -> true;

    /** Where the store of the test lives. */
    @TempDir
    protected Path folder;

    private StoreUnderTest open;

    /** Opens the store in a folder, a new one if the folder is empty. */
    protected abstract StoreUnderTest open(Path where);

    @BeforeEach
    void openStore() {
        open = open(folder);
    }

    @AfterEach
    void closeStore() {
        open.close();
    }

    private ReadingStore store() {
        return open.readings();
    }

    private ReadingStore reopened() {
        open.close();
        open = open(folder);
        return store();
    }

    private static ParkedFrame parked(long number, long message, Frame frame) {
        return new ParkedFrame(
                number, message, frame, "dlms", "1.0", "FCS", 17, "expected 1234, was 0000", Map.of("4B46", 7L));
    }

    private static Settlement settlement(List<ParkedFrame> parked, List<Long> unparked) {
        return new Settlement(0, List.of(), parked, unparked, List.of(), List.of(), List.of());
    }

    private static void assertParked(ParkedFrame expected, ParkedFrame actual) {
        assertSameRaw(
                new Message(expected.frame(), expected.codec(), expected.codecVersion(), List.of()),
                new Message(actual.frame(), actual.codec(), actual.codecVersion(), List.of()));
        assertEquals(expected.number(), actual.number());
        assertEquals(expected.message(), actual.message());
        assertEquals(expected.field(), actual.field());
        assertEquals(expected.offset(), actual.offset());
        assertEquals(expected.reason(), actual.reason());
        assertEquals(expected.invocations(), actual.invocations());
    }

    @Test
    void anEmptyStoreHasNothingToReplay() {
        assertEquals(Optional.empty(), store().messages(0, Long.MAX_VALUE, LONG_AGO, FAR_AHEAD, ANY));
        assertEquals(List.of(), store().parked(Optional.empty(), 0, 10));
        assertEquals(List.of(), store().parkedEntries());
        assertEquals(List.of(), store().invocations());
        assertEquals(List.of(), store().revisions("nobody", Optional.empty(), LONG_AGO, FAR_AHEAD, 10));
    }

    @Test
    void aParkedFrameComesBackWithEveryFieldAlsoAfterReopening() {
        List<Message> written = messages(0, 700);
        store().append(written);
        ParkedFrame refused = parked(1, 0, written.get(3).frame());
        ParkedFrame accepted = parked(2, 5, written.get(4).frame());
        ParkedFrame other = parked(3, 0, new Frame("meter ", "c", "t/u", "", NOVEMBER.plusNanos(1), new byte[0]));
        store().settle(settlement(List.of(refused, accepted, other), List.of()));
        store().settle(700, List.of());
        reopened();
        List<ParkedFrame> all = store().parked(Optional.empty(), 0, 10);
        assertEquals(3, all.size());
        assertParked(refused, all.get(0));
        assertParked(accepted, all.get(1));
        assertParked(other, all.get(2));
        assertEquals(
                List.of(1L),
                store().parked(Optional.of(refused.frame().meter()), 0, 10).stream()
                        .map(ParkedFrame::number)
                        .toList());
        assertEquals(List.of(), store().parked(Optional.of("meter"), 0, 10));
        assertEquals(
                List.of(2L, 1L),
                store().parkedBefore(Optional.empty(), 3, 10).stream()
                        .map(ParkedFrame::number)
                        .toList());
        assertEquals(
                List.of(2L),
                store().parked(Optional.empty(), 1, 1).stream()
                        .map(ParkedFrame::number)
                        .toList());
        assertEquals(
                new ParkedEntry(2, 5, "meter-4", written.get(4).frame().bytes().length),
                store().parkedEntries().get(1));
    }

    @Test
    void parkingAgainReplacesAndUnparkingForgets() {
        Frame frame = messages(0, 1).get(0).frame();
        store().settle(settlement(List.of(parked(1, 0, frame), parked(2, 0, frame)), List.of()));
        ParkedFrame again = new ParkedFrame(2, 0, frame, "dlms", "2.0", "tag", -1, "unknown", Map.of());
        store().settle(settlement(List.of(again), List.of(1L)));
        List<ParkedFrame> left = reopened().parked(Optional.empty(), 0, 10);
        assertEquals(1, left.size());
        assertParked(again, left.get(0));
    }

    @Test
    void anInvocationCounterComesWithItsMessageUntilItIsSettled() {
        Message plain = messages(0, 1).get(0);
        Message counted = new Message(
                plain.frame(), "dlms", "1", plain.readings(), Optional.of(new Invocation("4B46", 4_294_967_295L, -1)));
        store().append(List.of(counted, plain));
        List<StoredMessage> found = reopened().unsettled(0, 10);
        assertSame(counted, found.get(0).message());
        assertSame(plain, found.get(1).message());
    }

    @Test
    void theLastInvocationsAreKeptByMeterAndOriginator() {
        store().append(messages(0, 2));
        List<LastInvocation> first = List.of(
                new LastInvocation("a", "4B46", 5, -1),
                new LastInvocation("a ", "4B46", 6, -1),
                new LastInvocation("a", "4B46 ", 7, 4_294_967_295L));
        store().settle(new Settlement(1, List.of(), List.of(), List.of(), first, List.of(), List.of()));
        assertEquals(3, reopened().invocations().size());
        assertTrue(store().invocations().containsAll(first));
        LastInvocation later = new LastInvocation("a", "4B46", 9, 8);
        store().settle(new Settlement(2, List.of(), List.of(), List.of(), List.of(later), List.of(), List.of()));
        assertEquals(3, store().invocations().size());
        assertTrue(reopened().invocations().contains(later));
    }

    @Test
    void allMessagesComePartByPartWhereverTheyLie() {
        List<Message> written = messages(0, 3_000);
        for (int from = 0; from < 3_000; from += 250) {
            store().append(written.subList(from, from + 250));
            store().settle(from + 200L, List.of());
        }
        assertAll(written, ANY);
        reopened();
        assertAll(written, ANY);
        assertAll(written, "meter-3"::equals);
    }

    private void assertAll(List<Message> written, Predicate<String> meters) {
        List<StoredMessage> found = new ArrayList<>();
        long after = 0;
        Optional<MessagePage> page = store().messages(after, Long.MAX_VALUE, LONG_AGO, FAR_AHEAD, meters);
        while (page.isPresent()) {
            assertTrue(page.get().through() > after, "every part brings it forward");
            assertTrue(page.get().messages().size() <= 2_000, "a part is bounded");
            found.addAll(page.get().messages());
            after = page.get().through();
            page = store().messages(after, Long.MAX_VALUE, LONG_AGO, FAR_AHEAD, meters);
        }
        assertEquals(3_000, after);
        int next = 0;
        for (int i = 0; i < written.size(); i++) {
            if (meters.test(written.get(i).frame().meter())) {
                StoredMessage stored = found.get(next++);
                assertEquals(i + 1L, stored.sequence());
                assertSameRaw(written.get(i), stored.message());
                assertEquals(DaySpan.of(written.get(i).readings()), stored.days());
            }
        }
        assertEquals(next, found.size());
    }

    @Test
    void messagesAreFoundByNumberAndTimeOfReception() {
        List<Message> written = messages(0, 2_000);
        store().append(written);
        store().settle(2_000, List.of());
        for (int[] span : new int[][] {{0, 5}, {700, 1_400}, {1_990, 2_000}}) {
            Instant from = written.get(span[0]).frame().receivedAt();
            Instant to = written.get(span[1] - 1).frame().receivedAt().plusMillis(1);
            List<Long> byTime = new ArrayList<>();
            List<Long> byNumber = new ArrayList<>();
            collect(0, Long.MAX_VALUE, from, to, byTime);
            collect(span[0], span[1], LONG_AGO, FAR_AHEAD, byNumber);
            assertEquals(span[1] - span[0], byTime.size());
            assertEquals(span[0] + 1L, byTime.get(0));
            assertEquals(byTime, byNumber);
        }
    }

    private void collect(long after, long through, Instant from, Instant to, List<Long> found) {
        long at = after;
        Optional<MessagePage> page = store().messages(at, through, from, to, ANY);
        while (page.isPresent()) {
            page.get().messages().forEach(stored -> found.add(stored.sequence()));
            at = page.get().through();
            page = store().messages(at, through, from, to, ANY);
        }
    }

    @Test
    void aMessageDecodedLateOrAgainSaysByWhich() {
        store().append(messages(0, 1_200));
        DaySpan days = new DaySpan(NOVEMBER_DAY, NOVEMBER_DAY + 3);
        List<Decoding> decoded = List.of(new Decoding(7, "sml", "1", days), new Decoding(1_150, "sml", "1", days));
        store().settle(new Settlement(1_200, List.of(), List.of(), List.of(), List.of(), decoded, List.of()));
        Decoding again = new Decoding(7, "sml", "2", days);
        store().settle(new Settlement(0, List.of(), List.of(), List.of(), List.of(), List.of(again), List.of()));
        reopened();
        assertEquals("2", store().message(7).orElseThrow().message().codecVersion());
        assertEquals("sml", store().message(1_150).orElseThrow().message().codec());
        assertEquals("senml-cbor", store().message(8).orElseThrow().message().codec());
        StoredMessage paged = store().messages(6, 7, LONG_AGO, FAR_AHEAD, ANY)
                .orElseThrow()
                .messages()
                .get(0);
        assertEquals("2", paged.message().codecVersion());
        assertEquals(days, paged.days());
    }

    private static Revision revision(Series series, int slot, Optional<Long> before, Optional<Long> after) {
        return new Revision(
                series,
                NOVEMBER.plus(HALF_HOUR.multipliedBy(slot)),
                before.map(count -> new Revision.Version(count, 1, 3, "dlms", "1.0")),
                after.map(count -> new Revision.Version(count, 129, 4, "dlms", "1.1")),
                NOVEMBER.plusSeconds(slot),
                "alice",
                "wrong scale");
    }

    @Test
    void valuesSupersededAreKeptInTheOrderTheyCame() {
        store().append(messages(0, 5));
        Series export = new Series("a", EXPORT, HALF_HOUR);
        List<ProfileRow> rows = List.of(row(series("a"), NOVEMBER_DAY, 1), row(export, NOVEMBER_DAY, 1));
        Revision first = revision(series("a"), 4, Optional.of(Long.MIN_VALUE), Optional.of(5L));
        Revision vanished = revision(series("a"), 5, Optional.of(8L), Optional.empty());
        Revision added = revision(export, 4, Optional.empty(), Optional.of(-3L));
        store().settle(new Settlement(
                5, rows, List.of(), List.of(), List.of(), List.of(), List.of(vanished, added, first)));
        Revision second = revision(series("a"), 4, Optional.of(5L), Optional.of(6L));
        store().settle(new Settlement(0, List.of(), List.of(), List.of(), List.of(), List.of(), List.of(second)));
        reopened();
        List<Revision> all = store().revisions("a", Optional.empty(), NOVEMBER, NOVEMBER.plusSeconds(86_400), 10);
        assertEquals(List.of(first, second, vanished, added), all);
        assertEquals(
                List.of(added),
                store().revisions("a", Optional.of(EXPORT.obis()), NOVEMBER, NOVEMBER.plusSeconds(86_400), 10));
        Instant fifth = NOVEMBER.plus(HALF_HOUR.multipliedBy(5));
        assertEquals(List.of(vanished), store().revisions("a", Optional.of(IMPORT.obis()), fifth, FAR_AHEAD, 10));
        assertEquals(
                2,
                store().revisions("a", Optional.empty(), LONG_AGO, FAR_AHEAD, 2).size());
        assertEquals(List.of(), store().revisions("b", Optional.empty(), LONG_AGO, FAR_AHEAD, 10));
    }

    @Test
    void aSettlementIsWrittenWholeOrNotAtAll() {
        store().append(messages(0, 5));
        Frame frame = messages(0, 1).get(0).frame();
        ProfileRow good = row(series("a"), NOVEMBER_DAY, 1);
        ProfileRow impossible = row(series("b"), Long.MAX_VALUE, 1);
        Settlement failing = new Settlement(
                5,
                List.of(good, impossible),
                List.of(parked(1, 0, frame)),
                List.of(),
                List.of(new LastInvocation("a", "4B46", 5, -1)),
                List.of(new Decoding(1, "sml", "9", DaySpan.NONE)),
                List.of(revision(series("a"), 4, Optional.of(1L), Optional.of(5L))));
        assertThrows(RuntimeException.class, () -> store().settle(failing));
        assertEquals(0, reopened().settled());
        assertEquals(List.of(), store().parkedEntries());
        assertEquals(List.of(), store().invocations());
        assertEquals("senml-cbor", store().message(1).orElseThrow().message().codec());
        assertEquals(List.of(), store().revisions("a", Optional.empty(), LONG_AGO, FAR_AHEAD, 10));
    }

    @Test
    void manyParkedFramesOfArchivedMessagesAreReadInPages() {
        List<Message> written = messages(0, 1_600);
        store().append(written);
        List<ParkedFrame> frames = new ArrayList<>();
        for (int i = 0; i < 1_600; i += 2) {
            frames.add(parked(i + 1L, i + 1L, written.get(i).frame()));
        }
        store().settle(settlement(frames, List.of()));
        store().settle(1_600, List.of());
        long after = 0;
        int count = 0;
        for (List<ParkedFrame> page = store().parked(Optional.empty(), after, 300);
                !page.isEmpty();
                page = store().parked(Optional.empty(), after, 300)) {
            for (ParkedFrame frame : page) {
                assertArrayEquals(
                        written.get((int) frame.message() - 1).frame().bytes(),
                        frame.frame().bytes());
                after = frame.number();
                count++;
            }
        }
        assertEquals(800, count);
    }

    @Test
    void quantitiesOfAnotherUnitHaveRevisionsOfTheirOwn() {
        store().append(messages(0, 1));
        Series other = new Series("a", IMPORT, HALF_HOUR.multipliedBy(2));
        Revision one = revision(series("a"), 2, Optional.of(1L), Optional.of(2L));
        Revision two = revision(other, 2, Optional.of(3L), Optional.of(4L));
        store().settle(new Settlement(
                1,
                List.of(row(series("a"), NOVEMBER_DAY, 1), row(other, NOVEMBER_DAY, 1)),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(two, one)));
        assertEquals(
                List.of(one, two),
                store().revisions("a", Optional.of(Obis.parse("1-0:1.8.0")), LONG_AGO, FAR_AHEAD, 10));
    }
}
