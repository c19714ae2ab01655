// SPDX-License-Identifier: EPL-2.0
package org.meterway.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A JVM of its own, so that what is measured does not share a heap with what measures. */
class Child implements AutoCloseable {
    private final Process process;

    /**
     * Starts a JVM.
     *
     * @param output file that takes what it prints
     * @param command what follows {@code java}
     */
    Child(Path output, List<String> command) {
        List<String> all = new ArrayList<>();
        all.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        all.addAll(command);
        try {
            process = new ProcessBuilder(all)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + all, e);
        }
    }

    long pid() {
        return process.pid();
    }

    /** Waits for its end and returns its exit code. */
    int await() throws InterruptedException {
        return process.waitFor();
    }

    boolean alive() {
        return process.isAlive();
    }

    /** SIGKILL: no hook runs. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor(30, TimeUnit.SECONDS);
    }

    /** CPU seconds used so far, user and system. */
    double cpuSeconds() {
        return process.info()
                .totalCpuDuration()
                .map(cpu -> cpu.toMillis() / 1000.0)
                .orElse(0.0);
    }

    /** Bytes of live objects, after a full collection. */
    long liveHeapBytes() throws IOException, InterruptedException {
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        Process histogram = new ProcessBuilder(jcmd, Long.toString(pid()), "GC.class_histogram")
                .redirectErrorStream(true)
                .start();
        String total = null;
        try (var lines = histogram.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("Total")) {
                    total = line;
                }
            }
        }
        histogram.waitFor();
        if (total == null) {
            throw new IOException("jcmd gave no class histogram of process " + pid() + "; is this a JDK?");
        }
        String[] words = total.trim().split("\\s+");
        return Long.parseLong(words[2]);
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(20, TimeUnit.SECONDS)) {
            kill();
        }
    }
}
