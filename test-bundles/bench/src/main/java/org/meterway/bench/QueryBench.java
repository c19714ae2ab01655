// SPDX-License-Identifier: EPL-2.0
package org.meterway.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.eclipse.californium.core.coap.CoAP;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.elements.util.ExecutorsUtil;
import org.eclipse.californium.elements.util.NamedThreadFactory;
import org.eclipse.californium.elements.util.ProtocolScheduledExecutorService;
import org.meterway.launcher.Benchmark;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Query times against many stored readings. */
@Command(
        name = "query",
        mixinStandardHelpOptions = true,
        description =
                "Answer times of one meter-month and one zone-day against many readings, stored day by day over the wire; and"
                        + " bytes on disk per reading.")
public final class QueryBench implements Callable<Integer>, Benchmark {
    private static final String METER = "meter";
    private static final int PER_DAY = 86_400 / Pack.INTERVAL_SECONDS;

    @Option(
            names = "--readings",
            defaultValue = "100000000",
            description = "readings to store (default ${DEFAULT-VALUE})")
    private long readings;

    @Option(names = "--meters", defaultValue = "10000", description = "meters in the zone (default ${DEFAULT-VALUE})")
    private int meters;

    @Option(names = "--months", defaultValue = "200", description = "meter-months asked for (default ${DEFAULT-VALUE})")
    private int months;

    @Option(names = "--days", defaultValue = "10", description = "zone-days asked for (default ${DEFAULT-VALUE})")
    private int days;

    @Option(names = "--data", description = "keep the data here, and use what is there instead of storing again")
    private Path data;

    @Option(names = "--report", description = "write the figures to this JSON file")
    private Path report;

    @Override
    public Integer call() throws Exception {
        Report out = new Report("query", "--readings " + readings + " --meters " + meters);
        Path folder = data == null ? Files.createTempDirectory("meterway-bench") : data;
        long wanted = readings / PER_DAY / meters * PER_DAY * meters;
        int span = (int) (wanted / PER_DAY / meters);
        try (Gateway gateway = new Gateway(folder.resolve("gateway"))) {
            boolean stored = Files.exists(folder.resolve("stored"));
            gateway.start();
            if (!stored) {
                store(gateway, span, out.figures());
                Files.createFile(folder.resolve("stored"));
            }
            out.figures().put("readingsStored", wanted);
            bytes(gateway, wanted, "AtOnce", "settled", out.figures());
            gateway.awaitArchived(Duration.ofMinutes(30));
            bytes(gateway, wanted, "", "settled and archived", out.figures());
            query(gateway, span, out.figures());
        } finally {
            if (data == null) {
                Folders.delete(folder);
            }
        }
        out.write(report);
        return 0;
    }

    private static void bytes(Gateway gateway, long readings, String suffix, String when, ObjectNode figures)
            throws IOException {
        long bytes = gateway.storeBytes();
        figures.put("bytesOnDisk" + suffix, bytes);
        figures.put("bytesPerReading" + suffix, Math.round(100.0 * bytes / readings) / 100.0);
        System.out.printf(
                "%,d readings, %s: %,d MiB, %.2f bytes each%n", readings, when, bytes >> 20, (double) bytes / readings);
    }

    private static String name(int number) {
        return IngestBench.openName(number);
    }

    private void store(Gateway gateway, int span, ObjectNode figures) throws Exception {
        gateway.importMeters(IngestBench.inventory(meters, false));
        ProtocolScheduledExecutorService executor =
                ExecutorsUtil.newProtocolScheduledThreadPool(2, new NamedThreadFactory("bench-"));
        List<Device> senders = new ArrayList<>();
        List<Pack> packs = new ArrayList<>();
        for (int i = 0; i < meters; i++) {
            packs.add(new Pack("1-0:1.8.0", i));
        }
        long begin = System.nanoTime();
        long repeated = 0;
        try {
            for (int i = 0; i < 64; i++) {
                Device device = new Device(name(i), packs.get(i), false, executor);
                device.endpoint().start();
                senders.add(device);
            }
            // Day by day over all meters, as real meters would; any socket may carry any meter's pack on plain CoAP.
            for (int day = 0; day < span; day++) {
                repeated += storeDay(gateway, senders, packs, day);
                if (day % 10 == 9 || day == span - 1) {
                    double seconds = (System.nanoTime() - begin) / 1e9;
                    System.out.printf(
                            "stored day %d of %d, %,.0f readings/s%n",
                            day + 1, span, (day + 1.0) * meters * PER_DAY / seconds);
                }
            }
        } finally {
            senders.forEach(Device::close);
            executor.shutdownNow();
        }
        gateway.awaitSettled(Duration.ofMinutes(30));
        double seconds = (System.nanoTime() - begin) / 1e9;
        figures.put("storeSeconds", Math.round(seconds));
        figures.put("storeReadingsPerSecond", Math.round((double) span * meters * PER_DAY / seconds));
        figures.put("storeRepeatedMessages", repeated);
    }

    /** Stores one day of every meter, repeating what was not answered 2.04; returns how many messages that were. */
    private long storeDay(Gateway gateway, List<Device> senders, List<Pack> packs, int day)
            throws InterruptedException {
        long from = (long) day * PER_DAY;
        Queue<Integer> open = new ConcurrentLinkedQueue<>();
        Set<Integer> missing = ConcurrentHashMap.newKeySet();
        for (int meter = 0; meter < meters; meter++) {
            open.add(meter);
            missing.add(meter);
        }
        long repeated = 0;
        while (!missing.isEmpty()) {
            new Load(senders, 4)
                    .run(
                            3600,
                            device -> {
                                Integer meter = open.poll();
                                if (meter == null) {
                                    return null;
                                }
                                Request request = device.post(
                                        gateway.readingsPort,
                                        "/readings/" + name(meter),
                                        packs.get(meter).encode(from, PER_DAY));
                                request.setUserContext(Map.of(METER, meter.toString()));
                                return request;
                            },
                            (device, request, response) -> {
                                if (response.getCode() == CoAP.ResponseCode.CHANGED) {
                                    missing.remove(Integer.valueOf(
                                            request.getUserContext().get(METER)));
                                }
                            });
            repeated += missing.size();
            open.addAll(missing);
            if (!missing.isEmpty()) {
                // Turned away because it came faster than it is settled: a meter waits, too.
                TimeUnit.SECONDS.sleep(1);
            }
        }
        return repeated;
    }

    private void query(Gateway gateway, int span, ObjectNode figures) throws Exception {
        Random random = new Random(1);
        Histogram month = new Histogram(600_000_000L, 3);
        int monthDays = Math.min(30, span);
        for (int i = -20; i < months; i++) {
            int meter = random.nextInt(meters);
            int day = random.nextInt(Math.max(1, span - monthDays + 1));
            String path = "/api/v1/readings?meter=" + name(meter) + "&quantity=1-0:1.8.0&limit=10000&from="
                    + instant((long) day * PER_DAY) + "&to=" + instant((long) (day + monthDays) * PER_DAY);
            long begin = System.nanoTime();
            int found = gateway.get(path).get("items").size();
            long micros = (System.nanoTime() - begin) / 1000;
            if (found != monthDays * PER_DAY) {
                throw new IllegalStateException(path + " gave " + found + " readings");
            }
            if (i >= 0) {
                month.recordValue(micros);
            }
        }
        put(figures.putObject("meterMonth"), month, (long) monthDays * PER_DAY);

        Histogram zone = new Histogram(600_000_000L, 3);
        Histogram page = new Histogram(600_000_000L, 3);
        for (int i = -2; i < days; i++) {
            String path = "/api/v1/readings?zone=bench&quantity=1-0:1.8.0&limit=10000&day="
                    + instant((long) random.nextInt(span) * PER_DAY).substring(0, 10);
            long begin = System.nanoTime();
            long found = 0;
            String cursor = "";
            do {
                long pageBegin = System.nanoTime();
                JsonNode answer = gateway.get(path + cursor);
                if (i >= 0) {
                    page.recordValue((System.nanoTime() - pageBegin) / 1000);
                }
                found += answer.get("items").size();
                cursor = answer.path("next").isTextual()
                        ? "&cursor=" + answer.get("next").asText()
                        : "";
            } while (!cursor.isEmpty());
            if (found != (long) meters * PER_DAY) {
                throw new IllegalStateException(path + " gave " + found + " readings");
            }
            if (i >= 0) {
                zone.recordValue((System.nanoTime() - begin) / 1000);
            }
        }
        put(figures.putObject("zoneDay"), zone, (long) meters * PER_DAY);
        put(figures.putObject("zoneDayPage"), page, 10_000);
        System.out.printf(
                "meter-month (%,d readings): p50 %.1f ms, p99 %.1f ms; zone-day (%,d readings in pages of 10,000): p50 %.0f ms, p99 %.0f ms%n",
                monthDays * PER_DAY,
                month.getValueAtPercentile(50) / 1000.0,
                month.getValueAtPercentile(99) / 1000.0,
                (long) meters * PER_DAY,
                zone.getValueAtPercentile(50) / 1000.0,
                zone.getValueAtPercentile(99) / 1000.0);
    }

    private static void put(ObjectNode node, Histogram micros, long readings) {
        node.put("readings", readings);
        node.put("p50Millis", micros.getValueAtPercentile(50) / 1000.0);
        node.put("p99Millis", micros.getValueAtPercentile(99) / 1000.0);
        node.put("count", micros.getTotalCount());
    }

    private static String instant(long index) {
        return Instant.ofEpochSecond(Pack.startSeconds(index))
                .atZone(ZoneOffset.UTC)
                .toInstant()
                .toString();
    }
}
