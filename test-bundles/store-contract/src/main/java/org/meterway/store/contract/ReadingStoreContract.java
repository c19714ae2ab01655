// SPDX-License-Identifier: EPL-2.0
package org.meterway.store.contract;

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
import static org.meterway.store.contract.Samples.message;
import static org.meterway.store.contract.Samples.messages;
import static org.meterway.store.contract.Samples.row;
import static org.meterway.store.contract.Samples.series;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.meterway.api.codec.Frame;
import org.meterway.api.reading.Obis;
import org.meterway.api.reading.Quantity;
import org.meterway.api.reading.Reading;
import org.meterway.api.reading.Series;
import org.meterway.api.reading.Unit;
import org.meterway.api.store.Message;
import org.meterway.api.store.ProfileKey;
import org.meterway.api.store.ProfileRow;
import org.meterway.api.store.ReadingStore;
import org.meterway.api.store.SeriesSpan;
import org.meterway.api.store.StoreException;
import org.meterway.api.store.StoredMessage;

/** What {@link ReadingStore} promises. */
public abstract class ReadingStoreContract {
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

    @Test
    void anEmptyStoreHasNothing() {
        assertEquals(0, store().settled());
        assertEquals(List.of(), store().unsettled(0, 10));
        assertEquals(List.of(), store().series("nobody"));
        assertEquals(List.of(), store().profiles(List.of(new ProfileKey(series("nobody"), 1))));
        assertEquals(Optional.empty(), store().message(1));
        assertEquals(List.of(), profiles(List.of("nobody"), Optional.empty(), 0, 100_000));
    }

    @Test
    void numbersFollowEachOtherWithoutGapsAcrossReopening() {
        assertEquals(1, store().append(messages(0, 3)));
        assertEquals(4, store().append(messages(3, 1)));
        assertEquals(5, reopened().append(messages(4, 500)));
        store().settle(504, List.of());
        assertEquals(505, reopened().append(messages(504, 2)));
        assertEquals(507, store().append(messages(506, 1)));
    }

    @Test
    void whatWasAppendedIsUnsettledInOrderWithEveryFieldAlsoAfterReopening() {
        List<Message> written = messages(0, 300);
        store().append(written.subList(0, 120));
        store().append(written.subList(120, 300));
        assertMessages(written, 1, store().unsettled(0, 1_000));
        assertMessages(written, 1, reopened().unsettled(0, 1_000));
    }

    @Test
    void unsettledComesInPagesAfterANumber() {
        List<Message> written = messages(0, 100);
        store().append(written);
        List<StoredMessage> all = new ArrayList<>();
        long after = 0;
        for (List<StoredMessage> page = store().unsettled(after, 7);
                !page.isEmpty();
                page = store().unsettled(after, 7)) {
            assertTrue(page.size() <= 7, "a page has at most 7 messages");
            all.addAll(page);
            after = page.get(page.size() - 1).sequence();
        }
        assertMessages(written, 1, all);
        assertEquals(List.of(), store().unsettled(100, 7));
    }

    @Test
    void extremeReadingsComeBackExactly() {
        List<Reading> extremes = new ArrayList<>();
        for (long count : new long[] {0, 1, -1, Long.MIN_VALUE, Long.MAX_VALUE, Long.MIN_VALUE, -123_456_789L}) {
            for (Duration interval : List.of(Duration.ZERO, Duration.ofSeconds(1), HALF_HOUR, Duration.ofDays(1))) {
                extremes.add(new Reading(IMPORT, NOVEMBER.plusMillis(count & 1_023), interval, count, 255));
            }
        }
        for (int quality = 0; quality < 32; quality++) {
            extremes.add(new Reading(EXPORT, NOVEMBER.minusMillis(quality), HALF_HOUR, quality, 1 << quality));
        }
        for (Unit unit : Unit.values()) {
            Quantity quantity = new Quantity(new Obis(255, 255, 255, 255, 255, 255), unit, unit.ordinal() % 19 - 9);
            extremes.add(new Reading(quantity, Instant.EPOCH.minusMillis(1), Duration.ZERO, 5, 0));
        }
        extremes.add(new Reading(IMPORT, Instant.parse("9999-12-31T23:59:59.999Z"), HALF_HOUR, 1, 1));
        extremes.add(new Reading(IMPORT, Instant.parse("0001-01-01T00:00:00.001Z"), HALF_HOUR, 1, 1));
        Message written = new Message(message("m", 1, 0).frame(), "c", "v", extremes);
        store().append(List.of(written));
        assertSame(written, reopened().unsettled(0, 1).get(0).message());
    }

    @Test
    void bytesAndTextsOfEverySizeComeBackUnchangedBeforeAndAfterSettling() {
        List<Message> written = new ArrayList<>();
        Random random = new Random(1);
        for (int size : new int[] {0, 1, 742, 4_096, 32_700, 65_535, 65_536}) {
            byte[] bytes = new byte[size];
            random.nextBytes(bytes);
            String text = "žluťoučký 電気 ⚡🔌 ".repeat(1 + size % 3);
            Frame frame = new Frame("meter " + text, text + "c", text + "t", text, NOVEMBER.plusMillis(size), bytes);
            written.add(new Message(frame, "codec " + text, "", List.of()));
        }
        store().append(written);
        assertMessages(written, 1, reopened().unsettled(0, 100));
        store().settle(written.size(), List.of());
        assertRaw(written, reopened());
    }

    @Test
    void rawBytesStayReadableAfterSettling() {
        List<Message> written = messages(0, 3_000);
        for (int from = 0; from < 3_000; from += 250) {
            store().append(written.subList(from, from + 250));
            store().settle(from + 200L, List.of());
        }
        store().settle(3_000, List.of());
        assertRaw(written, store());
        assertRaw(written, reopened());
        assertEquals(Optional.empty(), store().message(3_001));
        assertEquals(Optional.empty(), store().message(0));
    }

    @Test
    void settlingWritesProfilesAndAdvancesTogether() {
        store().append(messages(0, 10));
        ProfileRow first = row(series("a"), NOVEMBER_DAY, 1);
        store().settle(6, List.of(first));
        assertEquals(6, store().settled());
        assertEquals(6, reopened().settled());
        assertEquals(
                List.of(7L, 8L, 9L, 10L),
                store().unsettled(0, 100).stream().map(StoredMessage::sequence).toList());
        assertSame(List.of(first), store().profiles(List.of(first.key())));
    }

    @Test
    void settlingAgainAfterReopeningChangesNothing() {
        store().append(messages(0, 10));
        List<ProfileRow> rows = List.of(row(series("a"), NOVEMBER_DAY, 1), row(series("b"), NOVEMBER_DAY, 1));
        store().settle(10, rows);
        reopened().settle(10, rows);
        assertEquals(10, reopened().settled());
        assertSame(rows, profiles(List.of("a", "b"), Optional.empty(), 0, 100_000));
        assertEquals(11, store().append(messages(10, 1)));
    }

    @Test
    void theSettledNumberNeverGoesBack() {
        store().append(messages(0, 10));
        store().settle(8, List.of());
        ProfileRow late = row(series("a"), NOVEMBER_DAY, 2);
        store().settle(5, List.of(late));
        assertEquals(8, store().settled());
        assertEquals(8, reopened().settled());
        assertSame(List.of(late), store().profiles(List.of(late.key())));
    }

    @Test
    void aFailingSettleLeavesNothingBehind() {
        store().append(messages(0, 10));
        ProfileRow good = row(series("a"), NOVEMBER_DAY, 1);
        ProfileRow impossible = row(series("b"), Long.MAX_VALUE, 1);
        assertThrows(RuntimeException.class, () -> store().settle(10, List.of(good, impossible)));
        assertEquals(0, store().settled());
        assertEquals(List.of(), store().profiles(List.of(good.key())));
        assertEquals(List.of(), store().series("a"));
        store().settle(10, List.of(good));
        assertSame(List.of(good), reopened().profiles(List.of(good.key())));
        assertEquals(List.of(new SeriesSpan(series("a"), NOVEMBER_DAY, NOVEMBER_DAY)), store().series("a"));
    }

    @Test
    void aRowReplacesTheRowOfItsKey() {
        store().append(messages(0, 3));
        ProfileRow small = new ProfileRow(new ProfileKey(series("a"), NOVEMBER_DAY), 1, new byte[] {1});
        ProfileRow large = new ProfileRow(small.key(), 86_400, new byte[700_000]);
        ProfileRow other = row(series("a"), NOVEMBER_DAY + 1, 1);
        store().settle(1, List.of(small, other));
        store().settle(2, List.of(large));
        assertSame(List.of(large), store().profiles(List.of(small.key())));
        store().settle(3, List.of(small));
        assertSame(List.of(small, other), byMeter("a", reopened()));
    }

    @Test
    void seriesThatDifferOnlyInIntervalScaleUnitOrMeterStayApart() {
        store().append(messages(0, 1));
        List<Series> apart = List.of(
                new Series("a", IMPORT, Duration.ZERO),
                new Series("a", IMPORT, HALF_HOUR),
                new Series("a", IMPORT, Duration.ofHours(1)),
                new Series("a", new Quantity(IMPORT.obis(), IMPORT.unit(), -3), HALF_HOUR),
                new Series("a", new Quantity(IMPORT.obis(), Unit.WATT, -6), HALF_HOUR),
                new Series("A", IMPORT, HALF_HOUR),
                new Series("a ", IMPORT, HALF_HOUR),
                new Series("á", IMPORT, HALF_HOUR));
        List<ProfileRow> rows = new ArrayList<>();
        for (int i = 0; i < apart.size(); i++) {
            rows.add(row(apart.get(i), NOVEMBER_DAY, i));
        }
        store().settle(1, rows);
        reopened();
        for (ProfileRow row : rows) {
            assertSame(List.of(row), store().profiles(List.of(row.key())));
        }
        assertEquals(5, store().series("a").size());
        assertEquals(1, store().series("a ").size());
    }

    @Test
    void profilesByKeyAreThoseThatExist() {
        store().append(messages(0, 1));
        List<ProfileRow> rows = new ArrayList<>();
        List<ProfileKey> keys = new ArrayList<>();
        for (int meter = 0; meter < 40; meter++) {
            for (int day = 0; day < 5; day++) {
                ProfileRow row = row(series("m" + meter), NOVEMBER_DAY + day, 1);
                keys.add(row.key());
                if ((meter + day) % 3 != 0) {
                    rows.add(row);
                }
            }
        }
        store().settle(1, rows);
        List<ProfileRow> found = new ArrayList<>(store().profiles(keys));
        found.sort((one, other) -> Integer.compare(keys.indexOf(one.key()), keys.indexOf(other.key())));
        assertSame(rows, found);
    }

    @Test
    void profilesComeByMeterAsGivenThenQuantityIntervalAndDay() {
        store().append(messages(0, 2));
        List<Series> ofOne = List.of(
                new Series("x", IMPORT, Duration.ofMinutes(15)),
                new Series("x", IMPORT, HALF_HOUR),
                new Series("x", EXPORT, HALF_HOUR));
        List<ProfileRow> rows = new ArrayList<>();
        for (String meter : List.of("zebra", "ant", "mouse")) {
            for (Series series : ofOne) {
                for (long day = NOVEMBER_DAY; day < NOVEMBER_DAY + 4; day++) {
                    rows.add(row(new Series(meter, series.quantity(), series.interval()), day, 1));
                }
            }
        }
        List<ProfileRow> mixed = new ArrayList<>(rows);
        Collections.shuffle(mixed, new Random(3));
        store().settle(1, mixed.subList(0, 20));
        store().settle(2, mixed.subList(20, mixed.size()));
        List<String> meters = List.of("zebra", "nobody", "ant", "mouse");
        assertSame(rows, profiles(meters, Optional.empty(), Long.MIN_VALUE, Long.MAX_VALUE));
        assertSame(
                rows.stream()
                        .filter(row -> row.key().series().quantity().equals(EXPORT))
                        .toList(),
                profiles(meters, Optional.of(EXPORT.obis()), 0, 100_000));
        assertSame(
                rows.stream()
                        .filter(row ->
                                row.key().day() == NOVEMBER_DAY + 1 || row.key().day() == NOVEMBER_DAY + 2)
                        .toList(),
                profiles(meters, Optional.empty(), NOVEMBER_DAY + 1, NOVEMBER_DAY + 2));
        assertEquals(List.of(), profiles(meters, Optional.empty(), NOVEMBER_DAY + 4, NOVEMBER_DAY + 9));
    }

    @Test
    void aSeriesSpansItsFirstToItsLastDay() {
        store().append(messages(0, 2));
        Series series = series("a");
        store().settle(1, List.of(row(series, NOVEMBER_DAY, 1)));
        store().settle(2, List.of(row(series, NOVEMBER_DAY + 9, 1), row(series, NOVEMBER_DAY - 400, 1)));
        List<SeriesSpan> expected = List.of(new SeriesSpan(series, NOVEMBER_DAY - 400, NOVEMBER_DAY + 9));
        assertEquals(expected, store().series("a"));
        assertEquals(expected, reopened().series("a"));
        assertEquals(3, byMeter("a", store()).size());
    }

    @Test
    void aConsumerMayAskTheStoreAgain() {
        store().append(messages(0, 1));
        List<ProfileRow> rows = List.of(row(series("a"), NOVEMBER_DAY, 1), row(series("b"), NOVEMBER_DAY, 1));
        store().settle(1, rows);
        List<ProfileRow> again = new ArrayList<>();
        Thread caller = Thread.currentThread();
        store().profiles(List.of("a", "b"), Optional.empty(), 0, 100_000, row -> {
            assertEquals(caller, Thread.currentThread());
            again.addAll(store().profiles(List.of(row.key())));
        });
        assertSame(rows, again);
    }

    @Test
    void anInterruptedCallerLosesNothing() {
        Thread.currentThread().interrupt();
        long first = store().append(messages(0, 5));
        assertTrue(Thread.interrupted(), "the interrupt is still to be seen by the caller");
        assertEquals(1, first);
        assertMessages(messages(0, 5), 1, store().unsettled(0, 10));
        assertEquals(6, store().append(messages(5, 1)));
    }

    @Test
    void readersSeeOnlyWholeAppendsAndSettlesWhileOthersWrite() throws Exception {
        int rounds = 60;
        AtomicBoolean done = new AtomicBoolean();
        CountDownLatch started = new CountDownLatch(3);
        ExecutorService readers = Executors.newFixedThreadPool(3);
        try {
            List<Future<Long>> looks = new ArrayList<>();
            for (int reader = 0; reader < 3; reader++) {
                looks.add(readers.submit(() -> {
                    long count = 0;
                    started.countDown();
                    do {
                        long before = store().settled();
                        List<StoredMessage> page = store().unsettled(before, 10_000);
                        for (int i = 1; i < page.size(); i++) {
                            assertEquals(
                                    page.get(i - 1).sequence() + 1, page.get(i).sequence());
                        }
                        List<ProfileRow> rows = profiles(List.of("a", "b"), Optional.empty(), 0, 100_000);
                        assertTrue(rows.stream().allMatch(row -> row.packed().length == 90));
                        count++;
                    } while (!done.get());
                    return count;
                }));
            }
            started.await();
            for (int round = 0; round < rounds; round++) {
                long first = store().append(messages(round * 40, 40));
                store().settle(
                                first + 20,
                                List.of(
                                        row(series("a"), NOVEMBER_DAY + round % 9, round),
                                        row(series("b"), round, round)));
            }
            done.set(true);
            for (Future<Long> look : looks) {
                assertTrue(look.get(60, TimeUnit.SECONDS) > 0);
            }
        } finally {
            done.set(true);
            readers.shutdownNow();
        }
        assertEquals(rounds * 40L - 19, store().settled());
    }

    @Test
    void aClosedStoreRefuses() {
        ReadingStore closed = store();
        open.close();
        assertThrows(StoreException.class, () -> closed.append(messages(0, 1)));
        assertThrows(StoreException.class, () -> closed.message(1));
    }

    private List<ProfileRow> byMeter(String meter, ReadingStore from) {
        List<ProfileRow> rows = new ArrayList<>();
        from.profiles(List.of(meter), Optional.empty(), Long.MIN_VALUE, Long.MAX_VALUE, rows::add);
        return rows;
    }

    private List<ProfileRow> profiles(List<String> meters, Optional<Obis> obis, long fromDay, long toDay) {
        List<ProfileRow> rows = new ArrayList<>();
        store().profiles(meters, obis, fromDay, toDay, rows::add);
        return rows;
    }

    private static void assertMessages(List<Message> expected, long first, List<StoredMessage> actual) {
        assertEquals(expected.size(), actual.size());
        for (int i = 0; i < expected.size(); i++) {
            assertEquals(first + i, actual.get(i).sequence());
            assertSame(expected.get(i), actual.get(i).message());
        }
    }

    private static void assertRaw(List<Message> expected, ReadingStore store) {
        for (int i = 0; i < expected.size(); i++) {
            StoredMessage found = store.message(i + 1L).orElseThrow();
            assertEquals(i + 1L, found.sequence());
            assertSameRaw(expected.get(i), found.message());
        }
    }
}
