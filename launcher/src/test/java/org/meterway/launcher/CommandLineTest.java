// SPDX-License-Identifier: EPL-2.0
package org.meterway.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What goes wrong is one line on standard error, and an exit code that is not 0. */
class CommandLineTest {
    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void home() {
        new TestDistribution(folder)
                .bundle("org.meterway.http")
                .bundle("org.meterway.lwm2m")
                .feature(
                        "gateway",
                        """
                        "bundles": [{"id": "org.meterway:org.meterway.http:1.0.0"}, {"id": "org.meterway:org.meterway.lwm2m:1.0.0"}],
                        "configurations": {
                          "org.meterway.http": {"port:Integer": 8080, "gzip:Boolean": true},
                          "org.meterway.lwm2m": {"coap.open:Boolean": true}}""")
                .feature("empty", "")
                .file("broken", "{");
        System.setProperty(Distribution.HOME, folder.toString());
    }

    @AfterEach
    void forgetHome() {
        System.clearProperty(Distribution.HOME);
    }

    @Test
    void anUnknownOptionIsMisuse() {
        refused(2, "--prot", "run", "--prot", "1");
    }

    @Test
    void aWordInsteadOfAPortIsMisuse() {
        refused(2, "--http-port", "run", "--http-port", "http");
    }

    @Test
    void aPortOutOfRangeIsMisuse() {
        refused(2, "--http-port must be 0 to 65535", "run", "--http-port", "65536");
    }

    @Test
    void aSettingOfAnUnknownPidIsMisuseThatNamesTheKnownOnes() {
        refused(2, "org.meterway.lwm2m", "run", "--set", "org.meterway.htp.port=1");
    }

    @Test
    void aSettingOfTheWrongTypeIsMisuse() {
        refused(2, "org.meterway.http.gzip must be true or false, was 1", "run", "--set", "org.meterway.http.gzip=1");
    }

    @Test
    void demoOptionsOutOfRangeAreMisuse() {
        refused(2, "--meters must be 1 to 10000, was 0", "demo", "--meters", "0");
        refused(2, "--days must be 1 to 400, was 401", "demo", "--days", "401");
        refused(2, "--seconds must be 1 to 86400, was -1", "demo", "--seconds", "-1");
        refused(2, "--fresh and --keep", "demo", "--fresh", "--keep");
    }

    @Test
    void aBrokenFeatureIsAFailure() {
        refused(1, "broken.json", "run", "--feature", "broken", "--data", data());
    }

    @Test
    void anUnwritableDataFolderIsAFailure() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        refused(1, "give another one with --data", "run", "--feature", "empty", "--data", file.toString());
    }

    @Test
    void aDataFolderThatIsInUseIsAFailure() {
        try (DataFolder taken = DataFolder.open(Path.of(data()))) {
            refused(1, "another gateway runs on the data folder", "run", "--feature", "empty", "--data", data());
        }
    }

    @Test
    void aReportThatCannotBeWrittenIsAFailureBeforeAnythingStarts() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        refused(1, "--report", "run", "--feature", "empty", "--data", data(), "--report", file + "/report.json");
    }

    @Test
    void aTcpPortInUseIsAFailureThatNamesTheOption() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());
            refused(
                    1,
                    "TCP port " + port + " is in use: stop what uses it, or give another one with --http-port",
                    "run",
                    "--data",
                    data(),
                    "--http-port",
                    port);
        }
    }

    @Test
    void aUdpPortInUseIsAFailureThatNamesTheOption() throws IOException {
        try (DatagramSocket taken = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());
            refused(
                    1,
                    "UDP port " + port + " is in use: stop what uses it, or give another one with --coap-port",
                    "run",
                    "--data",
                    data(),
                    "--http-port",
                    "0",
                    "--coap-port",
                    port);
        }
    }

    @Test
    void twoOptionsWithTheSamePortAreAFailure() {
        refused(
                1,
                "--coaps-port and --coap-port are both 61000",
                "run",
                "--data",
                data(),
                "--coap-port",
                "61000",
                "--coaps-port",
                "61000",
                "--http-port",
                "0");
    }

    @Test
    void aComponentlessFeatureWithAMissingBundleFileIsAFailureOfTheCheck() {
        refused(1, "broken.json", "check");
    }

    @Test
    void helpIsNoMistake() {
        assertEquals(0, execute("help"));
        assertTrue(out.toString().contains("demo") && out.toString().contains("bench"), out.toString());
    }

    private String data() {
        return folder.resolve("data").toString();
    }

    private void refused(int exitCode, String words, String... args) {
        assertEquals(exitCode, execute(args), err.toString());
        assertEquals(1, err.toString().lines().count(), err.toString());
        assertTrue(err.toString().startsWith("meterway: ") && err.toString().contains(words), err.toString());
    }

    private int execute(String... args) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        CommandLine line = Main.commandLine();
        return line.setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(args);
    }
}
