// SPDX-License-Identifier: EPL-2.0
package org.meterway.integration;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.meterway.launcher.House;

/** The commands as people type them, each in a process of its own. */
class CommandsTest {
    private static final Path HOME = Path.of(System.getProperty("meterway.home"));

    private static final List<String> PORTS =
            List.of("--http-port", "--coap-port", "--coaps-port", "--readings-port", "--readings-dtls-port");

    @TempDir
    Path folder;

    @Test
    void theDemoEndsWithEveryReadingDurableAndSaysSo() throws Exception {
        Path report = folder.resolve("r.json");
        List<String> command = new ArrayList<>(List.of("demo", "--meters", "6", "--days", "1", "--seconds", "10"));
        for (String port : PORTS) {
            command.add(port);
            command.add(Integer.toString(House.freePort()));
        }
        command.addAll(List.of("--data", folder.resolve("data").toString(), "--report", report.toString()));
        String said = run(0, command.toArray(String[]::new));
        JsonNode numbers = new ObjectMapper().readTree(report.toFile());
        assertEquals(6, numbers.at("/meters/registered").asInt(), said);
        assertTrue(numbers.at("/readings/accepted").asLong() >= 6 * 24, numbers::toString);
        assertEquals(numbers.at("/readings/accepted"), numbers.at("/readings/durable"));
        assertEquals(0, numbers.at("/readings/rejected").asLong());
        assertEquals(1.0, numbers.get("integrity").asDouble(), numbers::toString);
        assertTrue(numbers.get("startupMs").asLong() > 0);
    }

    @Test
    void aKilledGatewayHasLostNothingThatItAnswered() throws Exception {
        Path report = folder.resolve("kill.json");
        String said = run(0, "bench", "kill", "--kills", "3", "--report", report.toString());
        JsonNode numbers = new ObjectMapper().readTree(report.toFile());
        assertTrue(numbers.get("acknowledgedReadings").asLong() > 0, said);
        assertEquals(0, numbers.get("lost").asLong(), said);
        assertEquals(0, numbers.get("duplicated").asLong(), said);
        assertEquals(0, numbers.get("wrongValue").asLong(), said);
    }

    @Test
    void everyBundleThatAFeatureNamesIsThereAndNoOther() throws Exception {
        assertTrue(run(0, "check").contains("bundles in"));
    }

    @Test
    void aFrameIsDecodedWithoutAGateway() throws Exception {
        String pack = HexFormat.of()
                .formatHex("[{\"n\":\"1-0:1.8.0\",\"u\":\"kWh\",\"v\":1.25,\"t\":1700000000}]".getBytes(US_ASCII));
        JsonNode json = new ObjectMapper().readTree(run(0, "decode", "--codec", "senml", "--json", pack));
        assertEquals("senml-json", json.path("codec").asText());
        JsonNode reading = json.at("/readings/0");
        assertEquals("1-0:1.8.0", reading.path("quantity").asText());
        assertEquals("1250", reading.path("value").asText());
        assertEquals("Wh", reading.path("unit").asText());
        assertEquals("2023-11-14T22:13:20Z", reading.path("time").asText());
    }

    @Test
    void aRejectedFrameIsAnsweredWithItsFieldAndOffset() throws Exception {
        JsonNode json = new ObjectMapper().readTree(run(65, "decode", "--codec", "senml", "--json", "5b7b226e"));
        assertEquals(4, json.at("/error/offset").asInt());
        assertFalse(json.at("/error/reason").asText().isEmpty());
    }

    @Test
    void anUnknownCodecIsAnsweredWithThoseThereAre() throws Exception {
        String said = run(2, "decode", "--codec", "morse", "00");
        assertTrue(said.contains("senml-json"), said);
    }

    @Test
    void aWrongOptionIsAnsweredInOneLineWithTwo() throws Exception {
        String said = run(2, "run", "--http-port", "99999").strip();
        assertEquals(1, said.lines().count(), said);
        assertTrue(said.contains("--http-port"), said);
    }

    private String run(int exit, String... command) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dmeterway.home=" + HOME,
                "-cp",
                HOME.resolve("lib") + "/*:" + HOME.resolve("lib").resolve("bench") + "/*",
                "org.meterway.launcher.Main"));
        all.addAll(List.of(command));
        Path output = Files.createTempFile(folder, "output", ".txt");
        Process process = new ProcessBuilder(all)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .directory(folder.toFile())
                .start();
        boolean ended = process.waitFor(4, TimeUnit.MINUTES);
        process.destroyForcibly();
        String said = Files.readString(output);
        assertTrue(ended, "did not end within 4 minutes; said: " + said);
        assertEquals(exit, process.exitValue(), said);
        return said;
    }
}
