// SPDX-License-Identifier: EPL-2.0
package org.meterway.launcher;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A data folder that is this process' own until it is closed. */
final class DataFolder implements Closeable {
    private final Path path;
    private final FileChannel channel;

    private DataFolder(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /**
     * Makes the folder when it is missing, and locks it.
     *
     * @throws LaunchException if it cannot be written, or another gateway has it
     */
    static DataFolder open(Path folder) {
        Path path = folder.toAbsolutePath().normalize();
        FileChannel channel = null;
        try {
            Files.createDirectories(path);
            channel = FileChannel.open(
                    path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.READ);
            FileLock lock;
            try {
                lock = channel.tryLock();
            } catch (OverlappingFileLockException e) {
                lock = null;
            }
            if (lock == null) {
                channel.close();
                throw new LaunchException("another gateway runs on the data folder " + path
                        + ": stop it, or give another folder with --data");
            }
            Files.delete(Files.createTempFile(path, "writable", null));
            return new DataFolder(path, channel);
        } catch (IOException e) {
            closeQuietly(channel);
            throw new LaunchException(
                    "cannot write to the data folder " + path + ": make it writable, or give another one with --data",
                    e);
        }
    }

    Path path() {
        return path;
    }

    Path log() {
        return path.resolve("log").resolve("meterway.log");
    }

    /** What the framework keeps; can be rebuilt from the distribution at any time. */
    Path cache() {
        return path.resolve("cache");
    }

    @Override
    public void close() {
        closeQuietly(channel);
    }

    private static void closeQuietly(@org.jspecify.annotations.Nullable FileChannel channel) {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                // The lock goes with the process at the latest.
            }
        }
    }
}
