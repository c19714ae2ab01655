// SPDX-License-Identifier: EPL-2.0
package org.meterway.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.elements.util.ExecutorsUtil;
import org.eclipse.californium.elements.util.NamedThreadFactory;
import org.eclipse.californium.elements.util.ProtocolScheduledExecutorService;
import org.meterway.launcher.Benchmark;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** SIGKILL under load: what was answered 2.04 must be there, once, with its value. */
@Command(
        name = "kill",
        mixinStandardHelpOptions = true,
        description =
                "Kills the gateway (SIGKILL) at random moments under load and checks that every 2.04 the generator got is"
                        + " in the store once, with its value. The generator keeps its own fsynced ledger.")
public final class KillBench implements Callable<Integer>, Benchmark {
    private static final long SPAN_SECONDS = 3650L * 86_400;

    @Option(names = "--kills", defaultValue = "50", description = "how often to kill (default ${DEFAULT-VALUE})")
    private int kills;

    @Option(names = "--devices", defaultValue = "32", description = "meters that send (default ${DEFAULT-VALUE})")
    private int devices;

    @Option(names = "--intervals", defaultValue = "4", description = "intervals per message (default ${DEFAULT-VALUE})")
    private int intervals;

    @Option(names = "--seed", defaultValue = "1", description = "of the moments to kill (default ${DEFAULT-VALUE})")
    private long seed;

    @Option(names = "--report", description = "write the figures to this JSON file")
    private Path report;

    private record Sent(int device, long from) {}

    @Override
    public Integer call() throws Exception {
        Report out = new Report("kill", "--kills " + kills + " --devices " + devices + " --seed " + seed);
        Path folder = Files.createTempDirectory("meterway-bench");
        Path ledger = folder.resolve("acknowledged.ledger");
        ProtocolScheduledExecutorService executor =
                ExecutorsUtil.newProtocolScheduledThreadPool(2, new NamedThreadFactory("bench-"));
        Random random = new Random(seed);
        long[] readyMillis = new long[kills];
        int exit;
        try (Gateway gateway = new Gateway(folder.resolve("gateway"))) {
            gateway.start();
            gateway.importMeters(IngestBench.inventory(devices, false));
            List<Pack> packs = new ArrayList<>();
            for (int i = 0; i < devices; i++) {
                packs.add(new Pack("1-0:1.8.0", i));
            }
            long total = 0;
            try (Ledger acknowledged = new Ledger(ledger)) {
                for (int kill = 0; kill < kills; kill++) {
                    total += loadUntilKilled(gateway, packs, acknowledged, random, executor);
                    readyMillis[kill] = gateway.start() / 1_000_000;
                    System.out.printf(
                            "kill %d of %d: %,d messages acknowledged so far, ready again in %,d ms%n",
                            kill + 1, kills, total, readyMillis[kill]);
                }
            }
            gateway.awaitSettled(Duration.ofMinutes(5));
            Verdict verdict = verify(gateway, ledger, packs);
            Arrays.sort(readyMillis);
            out.figures().put("kills", kills);
            out.figures().put("acknowledgedReadings", verdict.acknowledged);
            out.figures().put("lost", verdict.lost);
            out.figures().put("duplicated", verdict.duplicated);
            out.figures().put("wrongValue", verdict.wrong);
            out.figures().put("storedReadings", verdict.stored);
            out.figures().put("readyMedianMillis", readyMillis[kills / 2]);
            out.figures().put("readyMaxMillis", readyMillis[kills - 1]);
            System.out.printf(
                    "%d kills: %,d readings acknowledged, %d lost, %d duplicated, %d with a wrong value; ready again in %,d ms (median), %,d ms (worst)%n",
                    kills,
                    verdict.acknowledged,
                    verdict.lost,
                    verdict.duplicated,
                    verdict.wrong,
                    readyMillis[kills / 2],
                    readyMillis[kills - 1]);
            exit = verdict.lost + verdict.duplicated + verdict.wrong == 0 ? 0 : 1;
        } finally {
            executor.shutdownNow();
            Folders.delete(folder);
        }
        out.write(report);
        return exit;
    }

    private long loadUntilKilled(
            Gateway gateway,
            List<Pack> packs,
            Ledger acknowledged,
            Random random,
            ProtocolScheduledExecutorService executor)
            throws Exception {
        double seconds = 0.5 + 2 * random.nextDouble();
        List<Device> senders = new ArrayList<>();
        try {
            for (int i = 0; i < devices; i++) {
                Device device = new Device(IngestBench.openName(i), packs.get(i), false, executor);
                device.endpoint().start();
                senders.add(device);
            }
            Thread killer = new Thread(
                    () -> {
                        try {
                            TimeUnit.MILLISECONDS.sleep((long) (seconds * 1000));
                            gateway.kill();
                        } catch (InterruptedException stopped) {
                            Thread.currentThread().interrupt();
                        }
                    },
                    "bench-killer");
            killer.start();
            long before = acknowledged.entries();
            for (Device device : senders) {
                for (int window = 0; window < 4; window++) {
                    sendNext(device, senders.indexOf(device), gateway, acknowledged);
                }
            }
            killer.join();
            acknowledged.sync();
            return acknowledged.entries() - before;
        } finally {
            senders.forEach(Device::close);
        }
    }

    /** Sends a device's next message and, once that is answered, the one after; stops by itself when no answers come. */
    private void sendNext(Device device, int index, Gateway gateway, Ledger acknowledged) {
        long from = device.pack.take(intervals);
        Request request =
                device.post(gateway.readingsPort, "/readings/" + device.name, device.pack.encode(from, intervals));
        request.addMessageObserver(new org.eclipse.californium.core.coap.MessageObserver() {
            @Override
            public void onResponse(org.eclipse.californium.core.coap.Response response) {
                if (response.getCode() == org.eclipse.californium.core.coap.CoAP.ResponseCode.CHANGED) {
                    acknowledged.add(new Sent(index, from));
                }
                sendNext(device, index, gateway, acknowledged);
            }
        });
        device.send(request);
    }

    private record Verdict(long acknowledged, long stored, long lost, long duplicated, long wrong) {}

    private Verdict verify(Gateway gateway, Path ledger, List<Pack> packs) throws Exception {
        BitSet[] acknowledged = new BitSet[devices];
        Arrays.setAll(acknowledged, i -> new BitSet());
        Ledger.read(ledger, sent -> acknowledged[sent.device].set((int) sent.from, (int) sent.from + intervals));
        long count = 0;
        long stored = 0;
        long lost = 0;
        long duplicated = 0;
        long wrong = 0;
        for (int i = 0; i < devices; i++) {
            BitSet seen = new BitSet();
            Pack pack = packs.get(i);
            // REST answers for at most ten years at once.
            long end = Pack.startSeconds(pack.position());
            for (long from = Pack.startSeconds(0); from < end; from += SPAN_SECONDS) {
                String span =
                        "&from=" + Instant.ofEpochSecond(from) + "&to=" + Instant.ofEpochSecond(from + SPAN_SECONDS);
                String cursor = "";
                do {
                    JsonNode page = gateway.get("/api/v1/readings?meter=" + IngestBench.openName(i)
                            + "&quantity=1-0:1.8.0&limit=10000" + span + cursor);
                    for (JsonNode item : page.get("items")) {
                        long start = Instant.parse(item.get("start").asText()).getEpochSecond();
                        int index = (int) ((start - Pack.startSeconds(0)) / Pack.INTERVAL_SECONDS);
                        stored++;
                        if (seen.get(index)) {
                            duplicated++;
                        }
                        seen.set(index);
                        if (!item.get("value").asText().equals(Long.toString(pack.wattHours(index)))) {
                            wrong++;
                        }
                    }
                    cursor = page.path("next").isTextual()
                            ? "&cursor=" + page.get("next").asText()
                            : "";
                } while (!cursor.isEmpty());
            }
            count += acknowledged[i].cardinality();
            BitSet missing = (BitSet) acknowledged[i].clone();
            missing.andNot(seen);
            lost += missing.cardinality();
        }
        return new Verdict(count, stored, lost, duplicated, wrong);
    }

    /** What the generator was answered, on disk. */
    private static final class Ledger implements AutoCloseable {
        private final FileOutputStream file;
        private final DataOutputStream out;
        private long entries;

        Ledger(Path path) throws IOException {
            file = new FileOutputStream(path.toFile());
            out = new DataOutputStream(new BufferedOutputStream(file));
        }

        synchronized void add(Sent sent) {
            try {
                out.writeInt(sent.device);
                out.writeLong(sent.from);
                entries++;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        synchronized long entries() {
            return entries;
        }

        synchronized void sync() throws IOException {
            out.flush();
            file.getFD().sync();
        }

        static void read(Path path, java.util.function.Consumer<Sent> consumer) throws IOException {
            try (DataInputStream in = new DataInputStream(Files.newInputStream(path))) {
                byte[] all = in.readAllBytes();
                DataInputStream entries = new DataInputStream(new java.io.ByteArrayInputStream(all));
                while (true) {
                    consumer.accept(new Sent(entries.readInt(), entries.readLong()));
                }
            } catch (EOFException end) {
                return;
            }
        }

        @Override
        public synchronized void close() throws IOException {
            sync();
            out.close();
        }
    }
}
