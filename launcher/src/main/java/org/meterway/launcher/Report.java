// SPDX-License-Identifier: EPL-2.0
package org.meterway.launcher;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The file a script reads what a person saw from; does nothing when none was asked for. */
final class Report {
    private final @Nullable Path file;

    private Report(@Nullable Path file) {
        this.file = file;
    }

    /** @throws LaunchException if the file cannot be written; better now than after the work is done */
    static Report to(@Nullable Path file) {
        if (file == null) {
            return new Report(null);
        }
        Path path = file.toAbsolutePath().normalize();
        try {
            Files.createDirectories(path.getParent());
            Files.deleteIfExists(path);
            Files.createFile(path);
            Files.delete(path);
        } catch (IOException e) {
            throw new LaunchException("cannot write the report " + path + ": give another file with --report", e);
        }
        return new Report(path);
    }

    /** A report with what is known once the gateway is up. */
    ObjectNode start(Startup startup) {
        ObjectNode numbers = Rest.JSON.createObjectNode();
        numbers.put("version", Main.version());
        numbers.put("feature", startup.plan().name());
        numbers.put("startupMs", startup.startupMs());
        numbers.put("url", startup.url());
        numbers.put("data", startup.gateway().data().path().toString());
        numbers.put("log", startup.gateway().data().log().toString());
        startup.diagnosis().waiting().forEach(numbers.putArray("waiting")::add);
        return numbers;
    }

    void write(ObjectNode numbers) {
        if (file == null) {
            return;
        }
        try {
            // In one piece, so that a script that waits for the file never reads half of it.
            Path part = file.resolveSibling(file.getFileName() + ".part");
            Rest.JSON.writer(SerializationFeature.INDENT_OUTPUT).writeValue(part.toFile(), numbers);
            Files.move(part, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new LaunchException("cannot write the report " + file + ": " + e.getMessage(), e);
        }
    }
}
