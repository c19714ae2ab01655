// SPDX-License-Identifier: EPL-2.0
package org.meterway.dtmf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Other programs hear what we send, and we hear what they make. */
class InteropTest {
    private static final String ALL = "1234567890ABCD*#";

    private final DtmfToneCoder coder = new DtmfToneCoder();

    @TempDir
    Path folder;

    private static void need(String program) {
        boolean there = false;
        for (String path : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)) {
            there |= Files.isExecutable(Path.of(path, program));
        }
        assumeTrue(there, program + " is not installed (Debian: apt-get install sox multimon-ng)");
    }

    private String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), "time-out of " + List.of(command));
        assertEquals(0, process.exitValue(), output);
        return output;
    }

    @ParameterizedTest
    @ValueSource(ints = {8000, 16000})
    void multimonHearsOurTones(int rate) throws Exception {
        need("sox");
        need("multimon-ng");
        Files.write(folder.resolve("ours.wav"), coder.tones(ALL + ALL, rate));
        run("sox", "ours.wav", "-t", "raw", "-e", "signed", "-b", "16", "-c", "1", "-r", "22050", "ours.raw");
        String output = run("multimon-ng", "-q", "-a", "DTMF", "-t", "raw", "ours.raw");
        StringBuilder heard = new StringBuilder();
        output.lines().filter(line -> line.startsWith("DTMF: ")).forEach(line -> heard.append(line.substring(6)));
        assertEquals(ALL + ALL, heard.toString(), output);
    }

    @ParameterizedTest
    @CsvSource({
        "8000, 16, signed-integer",
        "16000, 16, signed-integer",
        "44100, 24, signed-integer",
        "8000, 8, a-law",
        "8000, 8, mu-law"
    })
    void weHearTonesOfSox(int rate, String bits, String encoding) throws Exception {
        need("sox");
        List<String> files = new ArrayList<>(List.of("sox"));
        for (int i = 0; i < ALL.length(); i++) {
            int key = Tones.KEYS.indexOf(ALL.charAt(i));
            String file = i + ".wav";
            run(
                    "sox",
                    "-n",
                    "-r",
                    "" + rate,
                    "-c",
                    "1",
                    file,
                    "synth",
                    "0.06",
                    "sine",
                    "" + (int) Tones.LOW_HZ[key / 4],
                    "synth",
                    "0.06",
                    "sine",
                    "mix",
                    "" + (int) Tones.HIGH_HZ[key % 4],
                    "gain",
                    "-6",
                    "pad",
                    "0",
                    "0.06");
            files.add(file);
        }
        files.addAll(List.of("-b", bits, "-e", encoding, "all.wav"));
        run(files.toArray(String[]::new));
        assertEquals(ALL, coder.digits(Files.readAllBytes(folder.resolve("all.wav"))));
    }

    @Test
    void ourFileIsSoundToSox() throws Exception {
        need("sox");
        Files.write(folder.resolve("ours.wav"), coder.tones(ALL, 8000));
        String output = run("sox", "--i", "ours.wav");
        assertTrue(output.contains("Sample Rate    : 8000") && output.contains("16-bit Signed Integer PCM"), output);
    }
}
