// SPDX-License-Identifier: EPL-2.0
package org.meterway.inventory;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.meterway.api.meter.Credential;
import org.meterway.api.meter.ImportReport;
import org.meterway.api.meter.LineAddress;
import org.meterway.api.meter.Meter;
import org.meterway.api.meter.MeterState;
import org.meterway.api.meter.Place;
import org.osgi.util.converter.Converters;

class CsvImportTest {
    @TempDir
    Path data;

    private final MemoryDocuments store = new MemoryDocuments();
    private MeterInventory inventory;

    @BeforeEach
    void open() {
        inventory = new MeterInventory(
                store, data, Converters.standardConverter().convert(Map.of()).to(Config.class));
    }

    private ImportReport read(String csv) {
        return inventory.importCsv(new StringReader(csv));
    }

    /** The one problem of a file, as line|column|message. */
    private String problem(String csv) {
        ImportReport report = read(csv);
        assertEquals(0, report.imported());
        assertEquals(0, inventory.size());
        assertEquals(1, report.errors().size(), report.errors().toString());
        ImportReport.Problem problem = report.errors().get(0);
        return problem.line() + "|" + problem.column() + "|" + problem.message();
    }

    @Test
    void aLineAddressWithOptionsAndApplicationKeysAreTaken() {
        String csv = "id,line,protocol,lineAddress,option:clientSap,option:security,key:password,key:encryption_key\n"
                + "m1,north-1,dlms,17,16,,3132,00FF\n"
                + "m2,north-1,dlt645,000000000161,,,,\n"
                + "m3,,,,,,,01\n";
        assertEquals(new ImportReport(3, List.of()), read(csv));
        assertEquals(
                Optional.of(new LineAddress("north-1", "dlms", "17", Map.of("clientSap", "16"))),
                inventory.find("m1").orElseThrow().line());
        assertEquals(
                Optional.of(new LineAddress("north-1", "dlt645", "000000000161", Map.of())),
                inventory.find("m2").orElseThrow().line());
        assertEquals(Optional.empty(), inventory.find("m3").orElseThrow().line());
        assertEquals(Set.of("encryption_key", "password"), inventory.keyNames("m1"));
        assertArrayEquals(
                new byte[] {0, -1}, inventory.key("m1", "encryption_key").orElseThrow());
        assertEquals(Set.of(), inventory.keyNames("m2"));
        assertEquals(Set.of("encryption_key"), inventory.keyNames("m3"));
        MeterInventory again = new MeterInventory(
                store, data, Converters.standardConverter().convert(Map.of()).to(Config.class));
        assertEquals(inventory.find("m1"), again.find("m1"));
        assertEquals(Set.of("encryption_key", "password"), again.keyNames("m1"));
    }

    @Test
    void allColumnsAreTaken() {
        String csv =
                "\uFEFFid,endpoint,serial,vendor,model,zone,latitude,longitude,timeZone,state,pskIdentity,pskKeyHex,x509CommonName\r\n"
                        + "m1,ep-1,\"S,1\",\"The \"\"V\"\"\",generic,north,51.5,-0.1,Europe/London,active,who,00FF,ep-1\r\n"
                        + "\r\n"
                        + "m2,,,,,,,,,,,,\r\n";
        assertEquals(new ImportReport(2, List.of()), read(csv));
        Meter expected = Meter.builder("m1")
                .endpoint("ep-1")
                .serial("S,1")
                .vendor("The \"V\"")
                .model("generic")
                .zone("north")
                .place(new Place(51.5, -0.1))
                .timeZone(ZoneId.of("Europe/London"))
                .state(MeterState.ACTIVE)
                .build();
        assertEquals(expected, inventory.find("m1").orElseThrow());
        assertEquals(
                List.of(new Credential.PreSharedKey("who", new byte[] {0, -1}), new Credential.X509("ep-1")),
                inventory.credentials("m1"));
        assertEquals(Meter.builder("m2").build(), inventory.find("m2").orElseThrow());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            value = {
                "id,latitude,longitude/m1,91,0#2|latitude|'91' is no latitude, expected degrees from -90 to 90",
                "id,latitude,longitude/m1,1,NaN#2|longitude|'NaN' is no longitude, expected degrees from -180 to 180",
                "id,latitude,longitude/m1,1,#2|longitude|is empty, a place needs latitude and longitude",
                "id,pskIdentity,pskKeyHex/m1,who,0g#2|pskKeyHex|is not hex, expected an even number of digits 0-9 a-f",
                "id,pskIdentity,pskKeyHex/m1,who,#2|pskKeyHex|is empty, a pre-shared key needs identity and key",
                "id,timeZone/m1,Mars~Olympus#2|timeZone|'Mars/Olympus' is no time zone, expected one like Europe/London",
                "id,line,protocol/m1,a b,dlms#2|line|line must be 1–64 characters of A-Z a-z 0-9 . _ : -, was 'a b'",
                "id,line,protocol/m1,a,#2|protocol|is empty, a meter on a line needs a protocol",
                "id,line,protocol/m1,,dlms#2|protocol|is of use only with a line",
                "id,key:password/m1,1#2|key:password|is not hex, expected an even number of digits 0-9 a-f",
                "id,key:p w/m1,01#2|key:p w|the name of a key must be 1–64 characters of A-Z a-z 0-9 _ -, was 'p w'",
                "id,state/m1,lost#2|state|'lost' is no state, expected planned, active or retired",
                "id,zone/,north#2|id|is empty, every meter needs an id",
                "id,zone/m1#2||the line has 1 fields, expected 2",
                "id,zone/m1,a,b#2||the line has 3 fields, expected 2",
                "id/m1/m1#3|id|'m1' is in an earlier line already",
                "id,endpoint/m1,e/m2,e#3|endpoint|'e' is in an earlier line already",
                "id,pskIdentity,pskKeyHex/m1,w,00/m2,w,00#3|pskIdentity|'w' is in an earlier line already",
                "id,id/m1,m2#1|id|the column is there twice",
                "zone/north#1|id|the column is missing",
                "id;zone/m1;north#1||the columns are not separated by commas: save the file with ',' between the fields",
            })
    void aMistakeIsNamedByLineColumnAndWhatIsExpected(String csv, String expected) {
        assertEquals(expected, problem(csv.replace('/', '\n').replace('~', '/')));
    }

    @Test
    void anUnknownColumnIsNamedWithThoseThatAreKnown() {
        String problem = problem("id,colour\nm1,red\n");
        assertTrue(problem.startsWith("1|colour|unknown column, expected some of id, endpoint,"), problem);
    }

    @Test
    void anEmptyFileIsAMistake() {
        assertEquals("1||the file is empty, expected a first line that names the columns", problem(""));
    }

    @Test
    void metersThatAreThereAlreadyAreNotReplaced() {
        inventory.put(
                Meter.builder("m1").endpoint("e1").zone("old").build(),
                List.of(new Credential.PreSharedKey("who", new byte[] {1})));
        ImportReport report = read(
                "id,endpoint,zone,pskIdentity,pskKeyHex\nm1,x,new,,\nm2,e1,new,,\nm3,e3,new,who,00\nm4,e4,new,,\n");
        assertEquals(
                List.of("2 id", "3 endpoint", "4 pskIdentity"),
                report.errors().stream()
                        .map(error -> error.line() + " " + error.column())
                        .toList());
        assertEquals(1, inventory.size());
        assertEquals("old", inventory.find("m1").orElseThrow().zone());
    }

    @Test
    void everyMistakeIsReportedAndNothingTaken() {
        ImportReport report = read("id,latitude,longitude,state\nm1,95,200,lost\nm2,1,1,active\nno good,1,1,active\n");
        assertEquals(
                "2 latitude, 2 longitude, 2 state, 4 id",
                report.errors().stream()
                        .map(error -> error.line() + " " + error.column())
                        .collect(Collectors.joining(", ")));
        assertEquals(0, inventory.size());
    }

    @Test
    void linesAreCountedAcrossQuotedLineBreaks() {
        assertTrue(problem("id,vendor\nm1,\"two\nlines\"\n\nbad id,x\n").startsWith("5|id|"));
    }

    @Test
    void aQuoteThatNeverEndsIsReportedAtItsLine() {
        assertTrue(problem("id,vendor\nm1,a\nm2,\"never\nends\n").startsWith("3||a quoted field is broken"));
    }

    @Test
    void bytesThatAreNotUtf8AreReported() {
        Reader latin1 = new InputStreamReader(
                new ByteArrayInputStream("id,vendor\nm1,V\u00e4der\n".getBytes(StandardCharsets.ISO_8859_1)),
                StandardCharsets.UTF_8.newDecoder());
        ImportReport report = inventory.importCsv(latin1);
        assertEquals(0, report.imported());
        assertTrue(
                report.errors().get(0).message().contains("not UTF-8"),
                report.errors().toString());
    }

    @Test
    void atMostAThousandMistakesAreReported() {
        assertEquals(1_000, read("id\n" + "no good\n".repeat(2_000)).errors().size());
    }

    @Test
    void aMillionLinesAreTheLimit() {
        StringBuilder csv = new StringBuilder("id\n");
        for (int i = 0; i < 1_000_001; i++) {
            csv.append('\n');
        }
        assertTrue(problem(csv.toString()).contains("more than 1000000 lines"));
    }

    @Test
    void aMeterThatCameWhileTheFileArrivedIsNotReplaced() {
        Reader slow = new Reader() {
            private final StringReader file = new StringReader("id,zone\nm1,new\nm2,new\n");

            @Override
            public int read(char[] buffer, int offset, int length) throws java.io.IOException {
                int count = file.read(buffer, offset, length);
                if (count < 0) {
                    inventory.put(Meter.builder("m2").zone("old").build());
                }
                return count;
            }

            @Override
            public void close() {
                file.close();
            }
        };
        ImportReport report = inventory.importCsv(slow);
        assertEquals(0, report.imported());
        assertTrue(report.errors().get(0).message().contains("m2 came into the inventory meanwhile"));
        assertEquals("old", inventory.find("m2").orElseThrow().zone());
        assertTrue(inventory.find("m1").isEmpty());
    }

    @Test
    void aKeyThatIsNoPublicKeyIsRefused() {
        assertTrue(problem("id,rpkPublicKeyHex\nm1,3059\n").startsWith("2|rpkPublicKeyHex|is no public key"));
    }

    @Test
    void aStoreThatFailsTakesNothing() {
        store.failing = true;
        try {
            read("id\nm1\n");
        } catch (org.meterway.api.store.StoreException e) {
            assertEquals("disk full", e.getMessage());
        }
        assertEquals(0, inventory.size());
    }
}
