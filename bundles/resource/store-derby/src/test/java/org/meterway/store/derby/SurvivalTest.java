// SPDX-License-Identifier: EPL-2.0
package org.meterway.store.derby;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.meterway.store.contract.Samples.NOVEMBER_DAY;
import static org.meterway.store.contract.Samples.messages;
import static org.meterway.store.contract.Samples.row;
import static org.meterway.store.contract.Samples.series;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.meterway.api.health.Health.Status;
import org.meterway.api.store.DocumentStore.Change;
import org.meterway.api.store.Message;
import org.meterway.api.store.StoreException;
import org.meterway.api.store.StoredMessage;
import org.meterway.store.contract.Samples;

/** What happens when the process is killed, or the disk is full. Runs processes of its own. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class SurvivalTest {
    @TempDir
    Path folder;

    @Test
    void everyAcknowledgedMessageIsThereAfterAKill() throws Exception {
        long acknowledged = 0;
        long settled = 0;
        for (int kill = 0; kill < 2; kill++) {
            Process process = java(List.of(), Appender.class, folder.toString());
            try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
                int heard = 0;
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    String[] words = line.split(" ");
                    if (words[0].equals("appended")) {
                        acknowledged = Long.parseLong(words[1]);
                    } else if (words[0].equals("settled")) {
                        settled = Long.parseLong(words[1]);
                    }
                    if (++heard == 150 * (kill + 1)) {
                        // not Process.destroyForcibly, which would close the pipe before it is read
                        process.toHandle().destroyForcibly();
                    }
                }
            }
            process.waitFor();
            DerbyStore store = Stores.open(folder);
            try {
                assertTrue(store.settled() >= settled, "settled goes on from " + settled);
                List<StoredMessage> unsettled = store.unsettled(0, 1_000_000);
                long last = unsettled.isEmpty()
                        ? store.settled()
                        : unsettled.get(unsettled.size() - 1).sequence();
                assertTrue(last >= acknowledged, last + " of " + acknowledged + " acknowledged");
                for (StoredMessage message : unsettled) {
                    Samples.assertSame(Appender.message(message.sequence()), message.message());
                }
                for (long sequence = 1; sequence <= acknowledged; sequence += 13) {
                    Samples.assertSameRaw(
                            Appender.message(sequence),
                            store.message(sequence).orElseThrow().message());
                }
                assertEquals(last + 1, store.append(List.of(Appender.message(last + 1))));
            } finally {
                store.close();
            }
        }
        assertTrue(acknowledged > 2_000, acknowledged + " acknowledged");
    }

    /** Appends and settles until it is killed; tells what was acknowledged. */
    static final class Appender {
        private Appender() {}

        static Message message(long sequence) {
            return Samples.message("meter-" + sequence % 5, (int) sequence, (int) (sequence % 50));
        }

        public static void main(String[] arguments) {
            DerbyStore store = Stores.open(Path.of(arguments[0]));
            List<StoredMessage> left = store.unsettled(0, 1_000_000);
            long next = (left.isEmpty()
                            ? store.settled()
                            : left.get(left.size() - 1).sequence())
                    + 1;
            for (int round = 0; ; round++) {
                List<Message> group = new ArrayList<>();
                for (int i = 0; i < 20; i++) {
                    group.add(message(next + i));
                }
                long first = store.append(group);
                if (first != next) {
                    throw new IllegalStateException("expected " + next + ", got " + first);
                }
                next += group.size();
                System.out.println("appended " + (next - 1));
                if (round % 4 == 0) {
                    store.settle(next - 30, List.of(row(series("a"), NOVEMBER_DAY + round % 7, round)));
                    System.out.println("settled " + (next - 30));
                }
            }
        }
    }

    @Test
    void aFullDiskIsToldAndOvercome() throws Exception {
        assumeTrue(mountsInOwnNamespace(), "no mount namespace may be made here");
        Process process = java(
                List.of(
                        "unshare",
                        "-m",
                        "sh",
                        "-c",
                        "mount -t tmpfs -o size=48m none \"$0\" && exec \"$@\"",
                        folder.toString()),
                FullDisk.class,
                folder.toString());
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
        assertTrue(output.contains("recovered"), output);
    }

    private static boolean mountsInOwnNamespace() throws InterruptedException {
        try {
            return new ProcessBuilder("unshare", "-m", "sh", "-c", "mount -t tmpfs -o size=1m none /mnt")
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }

    /** Fills the disk under a store, looks what it does, makes room and looks again. */
    static final class FullDisk {
        private FullDisk() {}

        public static void main(String[] arguments) throws Exception {
            Path disk = Path.of(arguments[0]);
            DerbyStore store = Stores.open(disk.resolve("store"));
            store.append(messages(0, 100));
            store.settle(50, List.of(row(series("a"), NOVEMBER_DAY, 1)));
            store.write(List.of(Change.put("c", "k", new byte[] {1})));
            Path filler = fill(disk);

            long next = 101;
            StoreException full = null;
            for (int round = 0; full == null && round < 20_000; round++) {
                try {
                    assertEquals(next, store.append(messages((int) next - 1, 50)));
                    next += 50;
                } catch (StoreException e) {
                    full = e;
                }
            }
            System.out.println("failed at " + next + ": " + full);
            assertTrue(full != null, "the disk never was full");
            assertEquals(Status.DOWN, store.health().status());
            for (int i = 0; i < 5; i++) {
                int from = (int) next - 1;
                assertThrows(StoreException.class, () -> store.append(messages(from, 5_000)));
            }

            Files.delete(filler);
            long after = next;
            awaitThat(() -> store.append(messages((int) after - 1, 50)), after);
            next += 50;
            assertEquals(Status.UP, store.health().status());
            check(store, next);
            store.settle(next - 1, List.of(row(series("b"), NOVEMBER_DAY, 1)));
            store.write(List.of(Change.put("c", "k", new byte[] {2})));
            store.close();
            DerbyStore again = Stores.open(disk.resolve("store"));
            assertEquals(next, again.append(messages((int) next - 1, 1)));
            assertEquals(1, again.series("a").size());
            assertEquals(1, again.series("b").size());
            again.close();
            System.out.println("recovered with " + next);
        }

        private static Path fill(Path disk) throws IOException {
            Path filler = disk.resolve("filler");
            try (var out = Files.newOutputStream(filler)) {
                byte[] block = new byte[16_384];
                while (disk.toFile().getUsableSpace() > 6_000_000) {
                    out.write(block);
                }
            }
            return filler;
        }

        private interface Write {
            long run();
        }

        private static void awaitThat(Write write, long expected) throws InterruptedException {
            for (int attempt = 0; ; attempt++) {
                try {
                    assertEquals(expected, write.run());
                    return;
                } catch (StoreException e) {
                    if (attempt == 100) {
                        throw e;
                    }
                    TimeUnit.MILLISECONDS.sleep(100);
                }
            }
        }

        private static void check(DerbyStore store, long next) {
            List<StoredMessage> unsettled = store.unsettled(0, 1_000_000);
            assertEquals(51, unsettled.get(0).sequence());
            assertEquals(next - 51, unsettled.size());
            for (StoredMessage message : unsettled) {
                Samples.assertSame(messages((int) message.sequence() - 1, 1).get(0), message.message());
            }
        }
    }

    private static Process java(List<String> before, Class<?> main, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(before);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }
}
