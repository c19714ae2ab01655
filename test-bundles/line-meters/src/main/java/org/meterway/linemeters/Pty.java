// SPDX-License-Identifier: EPL-2.0
package org.meterway.linemeters;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A pseudo-terminal in front of a bus, made by socat. */
public final class Pty implements AutoCloseable {
    private static final Pattern SPEED = Pattern.compile("speed (\\d+) baud");
    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(20);

    private final Path link;
    private final Process socat;

    private Pty(Path link, Process socat) {
        this.link = link;
        this.socat = socat;
    }

    /** Whether socat is installed. */
    public static boolean possible() {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "socat")));
    }

    /** @param link where the terminal appears; it leads to the bus */
    public static Pty open(Path link, Bus bus) throws IOException {
        Process socat = new ProcessBuilder(
                        "socat", "PTY,link=" + link + ",raw,echo=0", "TCP:127.0.0.1:" + bus.port() + ",nodelay")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        long start = System.nanoTime();
        while (!Files.exists(link)) {
            if (!socat.isAlive() || System.nanoTime() - start > LIMIT_NANOS) {
                socat.destroyForcibly();
                throw new IOException("socat made no terminal at " + link);
            }
            Thread.onSpinWait();
        }
        return new Pty(link, socat);
    }

    /** The rate its user has set, bit/s. */
    public int baud() {
        try {
            Process stty = new ProcessBuilder(List.of("stty", "-F", link.toString()))
                    .redirectErrorStream(true)
                    .start();
            Matcher speed = SPEED.matcher(new String(stty.getInputStream().readAllBytes()));
            return speed.find() ? Integer.parseInt(speed.group(1)) : 0;
        } catch (IOException e) {
            return 0;
        }
    }

    /** Unplugs it. */
    @Override
    public void close() throws IOException {
        socat.destroy();
        try {
            if (!socat.waitFor(10, TimeUnit.SECONDS)) {
                socat.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Files.deleteIfExists(link);
    }
}
