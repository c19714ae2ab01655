// SPDX-License-Identifier: EPL-2.0
package org.meterway.store.derby;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.meterway.api.health.Health;
import org.meterway.api.health.Health.Status;
import org.meterway.api.store.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What goes on beside reading and writing: archiving, retention, the disk, and whether writing works. Thread-safe. */
final class Housekeeping implements AutoCloseable {
    private static final long LOOK_SECONDS = 5;
    private static final long PRUNE_HOURS = 24;
    private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);

    private final Path folder;
    private final Settings settings;
    private final Clock clock;
    private final Archiver archiver;
    private final Runnable probe;
    private final FileStore disk;
    private final ScheduledExecutorService thread;
    private final AtomicBoolean archiving = new AtomicBoolean();
    private volatile boolean closing;
    private volatile long diskBytes;
    private volatile Optional<String> trouble = Optional.empty();

    Housekeeping(Path folder, Settings settings, Clock clock, Archiver archiver, Runnable probe) {
        this.folder = folder;
        this.settings = settings;
        this.clock = clock;
        this.archiver = archiver;
        this.probe = probe;
        try {
            this.disk = Files.getFileStore(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        this.thread = Executors.newSingleThreadScheduledExecutor(work -> {
            Thread made = new Thread(work, "meterway-store-housekeeping");
            made.setDaemon(true);
            return made;
        });
        thread.scheduleWithFixedDelay(this::look, 0, LOOK_SECONDS, TimeUnit.SECONDS);
        thread.scheduleWithFixedDelay(this::prune, 1, PRUNE_HOURS, TimeUnit.HOURS);
        settled();
    }

    /** Runs a write, remembers whether it worked. Refused while the disk has less than its reserve. */
    <T> T writing(Supplier<T> write) {
        try {
            reserve();
            T result = write.get();
            if (trouble.isPresent()) {
                trouble = Optional.empty();
            }
            return result;
        } catch (StoreException e) {
            trouble = Optional.of(Database.reason(e));
            throw e;
        }
    }

    private void reserve() {
        try {
            long free = settings.diskReserveBytes() == 0 ? Long.MAX_VALUE : disk.getUsableSpace();
            if (free < settings.diskReserveBytes()) {
                throw new StoreException("the disk is full: " + megabytes(free) + " free, "
                        + megabytes(settings.diskReserveBytes()) + " are kept in reserve");
            }
        } catch (IOException e) {
            throw new StoreException("the store's disk cannot be asked for its free space: " + e.getMessage(), e);
        }
    }

    /** Something was settled: archive it when there is enough of it. */
    void settled() {
        if (archiver.hasWork() && !closing && archiving.compareAndSet(false, true)) {
            thread.execute(this::archive);
        }
    }

    private void archive() {
        try {
            while (archiver.hasWork() && !closing) {
                archiver.step();
            }
        } catch (StoreException e) {
            // nothing is lost: the bytes stay in the intake tables, and the next look tries again
            LOG.debug("Archiving failed and is tried again", e);
        } finally {
            archiving.set(false);
        }
    }

    private void look() {
        try (Stream<Path> files = Files.walk(folder)) {
            diskBytes = files.mapToLong(Housekeeping::size).sum();
        } catch (IOException | UncheckedIOException e) {
            LOG.debug("The store's size could not be taken", e);
        }
        if (trouble.isPresent()) {
            try {
                writing(() -> {
                    probe.run();
                    return true;
                });
            } catch (StoreException e) {
                LOG.debug("The store still fails", e);
            }
        }
        settled();
    }

    private static long size(Path file) {
        try {
            return Files.isRegularFile(file) ? Files.size(file) : 0;
        } catch (IOException e) {
            // removed meanwhile
            return 0;
        }
    }

    private void prune() {
        try {
            archiver.prune(settings.rawRetention(), clock);
        } catch (StoreException e) {
            LOG.warn("Raw bytes past their retention were not removed: {}", e.getMessage());
        }
    }

    Health health(Optional<String> down, long unsettled, long series) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("diskBytes", diskBytes);
        values.put("messagesUnsettled", unsettled);
        values.put("messagesUnarchived", archiver.waiting());
        values.put("series", series);
        Optional<String> reason = down.isPresent() ? down : trouble;
        String text = reason.orElseGet(() -> megabytes(diskBytes) + " on disk, " + unsettled + " messages unsettled");
        return new Health("store", reason.isPresent() ? Status.DOWN : Status.UP, text, values);
    }

    private static String megabytes(long bytes) {
        return String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
    }

    @Override
    public void close() {
        closing = true;
        thread.shutdownNow();
        try {
            thread.awaitTermination(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
