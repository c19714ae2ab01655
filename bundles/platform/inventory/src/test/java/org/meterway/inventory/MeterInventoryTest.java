// SPDX-License-Identifier: EPL-2.0
package org.meterway.inventory;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.meterway.api.event.Event;
import org.meterway.api.event.Events;
import org.meterway.api.health.Health;
import org.meterway.api.meter.Credential;
import org.meterway.api.meter.EnrolmentRefusedException;
import org.meterway.api.meter.LineAddress;
import org.meterway.api.meter.Meter;
import org.meterway.api.meter.MeterState;
import org.meterway.api.meter.Place;
import org.meterway.api.meter.PskBinding;
import org.meterway.api.store.DocumentStore;
import org.meterway.api.store.StoreException;
import org.osgi.util.converter.Converters;

class MeterInventoryTest {
    private static final byte[] KEY = HexFormat.of().parseHex("00112233445566778899aabbccddeeff");
    private static final Meter FULL = Meter.builder("m1")
            .endpoint("ep-1")
            .serial("S 1")
            .vendor("Väder")
            .model("london-30min")
            .tags(java.util.Set.of("vip", "north-1"))
            .zone("north")
            .place(new Place(51.5, -0.125))
            .timeZone(ZoneId.of("Europe/London"))
            .state(MeterState.ACTIVE)
            .line(new LineAddress("north-1", "dlms", "17", Map.of("clientSap", "16")))
            .build();

    @TempDir
    Path data;

    private final MemoryDocuments store = new MemoryDocuments();

    private MeterInventory open(Object... settings) {
        Map<String, Object> map = new java.util.HashMap<>();
        for (int i = 0; i < settings.length; i += 2) {
            map.put((String) settings[i], settings[i + 1]);
        }
        return new MeterInventory(
                store, data, Converters.standardConverter().convert(map).to(Config.class));
    }

    @Test
    void aMeterWithCredentialsSurvivesARestart() {
        List<Credential> credentials = List.of(
                new Credential.PreSharedKey("identity-1", KEY),
                new Credential.RawPublicKey(new byte[] {1, 2}),
                new Credential.X509("ep-1"));
        open().put(FULL, credentials);

        MeterInventory again = open();
        assertEquals(Optional.of(FULL), again.find("m1"));
        assertEquals(Optional.of(FULL), again.findByEndpoint("ep-1"));
        assertEquals(credentials, again.credentials("m1"));
        assertEquals("ep-1", again.findPsk("identity-1").orElseThrow().endpoint());
        assertEquals(1, again.size());
    }

    @Test
    void applicationKeysAreFoundUnderAnySpellingKeptEncryptedAndGoWithTheMeter() {
        MeterInventory inventory = open();
        inventory.put(FULL, List.of());
        inventory.putKeys("m1", Map.of("encryption_key", KEY, "Password", new byte[] {'1', '2'}));
        inventory.putKeys("m1", Map.of("PASS-WORD", new byte[] {'3'}));
        inventory.put(FULL);
        inventory.put(FULL, List.of(new Credential.X509("ep-1")));
        inventory.put(FULL, List.of());

        MeterInventory again = open();
        assertEquals(Set.of("encryption_key", "pass_word"), again.keyNames("m1"));
        assertArrayEquals(KEY, again.key("m1", "encryptionKey").orElseThrow());
        assertArrayEquals(new byte[] {'3'}, again.key("m1", "password").orElseThrow());
        assertEquals(Optional.empty(), again.key("m1", "authentication_key"));
        assertEquals(Optional.empty(), again.key("m2", "password"));
        assertEquals(List.of(), again.credentials("m1")); // no credential: it may still come without DTLS
        String document = new String(store.get("meter-key", "m1").orElseThrow(), StandardCharsets.ISO_8859_1);
        assertFalse(document.contains("encryption")
                || document.contains(HexFormat.of().formatHex(KEY)));

        again.putKeys("m1", Map.of("encryption-key", new byte[0]));
        assertEquals(Set.of("pass_word"), open().keyNames("m1"));
        again.remove("m1");
        assertTrue(store.get("meter-key", "m1").isEmpty());
        again.put(FULL, List.of());
        assertEquals(Set.of(), again.keyNames("m1"));
    }

    @Test
    void aKeyHandedOutIsACopyAndAWrongOneIsRefusedWithoutRepeatingIt() {
        MeterInventory inventory = open();
        inventory.put(FULL);
        byte[] mine = KEY.clone();
        inventory.putKeys("m1", Map.of("password", mine));
        mine[0] ^= 1;
        inventory.key("m1", "password").orElseThrow()[1] ^= 1;
        assertArrayEquals(KEY, inventory.key("m1", "password").orElseThrow());
        assertThrows(IllegalArgumentException.class, () -> inventory.putKeys("m2", Map.of("password", KEY)));
        assertThrows(IllegalArgumentException.class, () -> inventory.putKeys("m1", Map.of("pass word", KEY)));
        assertThrows(IllegalArgumentException.class, () -> inventory.putKeys("m1", Map.of("__", KEY)));
        assertThrows(IllegalArgumentException.class, () -> inventory.putKeys("m1", Map.of("k", new byte[1_025])));
        Map<String, byte[]> many = new java.util.HashMap<>();
        for (int i = 0; i < 32; i++) {
            many.put("k" + i, KEY);
        }
        assertThrows(IllegalArgumentException.class, () -> inventory.putKeys("m1", many));
        assertEquals(Set.of("password"), inventory.keyNames("m1"));
    }

    @Test
    void keysSealedForAnotherMeterAreNotOpened() {
        MeterInventory inventory = open();
        inventory.put(FULL, List.of(new Credential.PreSharedKey("identity-1", KEY)));
        inventory.put(Meter.builder("m2").build());
        inventory.putKeys("m1", Map.of("password", KEY));
        byte[] sealed = store.get("meter-key", "m1").orElseThrow();
        store.write(List.of(DocumentStore.Change.put("meter-key", "m2", sealed)));
        MeterInventory again = open();
        assertEquals(Set.of(), again.keyNames("m2"));
        assertEquals(Set.of("password"), again.keyNames("m1"));
        assertEquals(Health.Status.DEGRADED, again.health().status());
    }

    @Test
    void replacingAMeterFreesItsOldNamesAndKeepsItsCredentials() {
        MeterInventory inventory = open();
        inventory.put(FULL, List.of(new Credential.PreSharedKey("identity-1", KEY)));
        inventory.put(FULL.toBuilder().endpoint("ep-2").build());
        assertTrue(inventory.findByEndpoint("ep-1").isEmpty());
        assertEquals("ep-2", inventory.findPsk("identity-1").orElseThrow().endpoint());
        inventory.put(FULL, List.of(new Credential.PreSharedKey("identity-2", KEY)));
        assertTrue(inventory.findPsk("identity-1").isEmpty());
        inventory.put(
                Meter.builder("m2").endpoint("ep-2").build(), List.of(new Credential.PreSharedKey("identity-1", KEY)));
        assertEquals("ep-2", inventory.findPsk("identity-1").orElseThrow().endpoint());
        assertTrue(inventory.remove("m2"));
        assertFalse(inventory.remove("m2"));
        assertTrue(inventory.findPsk("identity-1").isEmpty());
        assertEquals(List.of("m1"), open().meters().map(Meter::id).toList());
    }

    @Test
    void anEndpointOrIdentityOfAnotherMeterIsRefusedWithNothingChanged() {
        MeterInventory inventory = open();
        inventory.put(FULL, List.of(new Credential.PreSharedKey("identity-1", KEY)));
        Meter sameEndpoint = Meter.builder("m2").endpoint("ep-1").build();
        assertThrows(IllegalArgumentException.class, () -> inventory.put(sameEndpoint));
        Meter other = Meter.builder("m2").build();
        assertThrows(
                IllegalArgumentException.class,
                () -> inventory.put(other, List.of(new Credential.PreSharedKey("identity-1", KEY))));
        assertEquals(1, inventory.size());
        assertEquals(1, open().size());
    }

    @Test
    void aStoreThatFailsChangesNothing() {
        MeterInventory inventory = open();
        inventory.put(FULL);
        store.failing = true;
        assertThrows(
                StoreException.class, () -> inventory.put(Meter.builder("m2").build()));
        assertThrows(StoreException.class, () -> inventory.remove("m1"));
        assertThrows(
                StoreException.class,
                () -> inventory.put(FULL.toBuilder().zone("south").build()));
        assertEquals(Optional.of(FULL), inventory.find("m1"));
        assertTrue(inventory.find("m2").isEmpty());
    }

    @Test
    void secretsAreNotInTheStoreInTheClear() {
        open().put(FULL, List.of(new Credential.PreSharedKey("identity-1", KEY)));
        String hex = HexFormat.of().formatHex(KEY);
        store.collections.values().forEach(documents -> documents.values().forEach(document -> {
            assertFalse(HexFormat.of().formatHex(document).contains(hex));
            assertFalse(new String(document, StandardCharsets.ISO_8859_1).contains(hex));
        }));
    }

    @Test
    void theMasterKeyFileIsForItsOwnerOnly() throws IOException {
        open();
        Path file = data.resolve("inventory/master.key");
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        assertTrue(Files.readString(file).strip().matches("[0-9a-f]{64}"));
    }

    @Test
    void aWrongMissingOrMalformedMasterKeyIsRefusedNamingTheFile() throws IOException {
        open().put(FULL, List.of(new Credential.PreSharedKey("identity-1", KEY)));
        Path file = data.resolve("inventory/master.key");
        String key = Files.readString(file);
        Files.writeString(file, "00".repeat(32));
        assertTrue(refused(file).contains("does not hold the key"));
        Files.writeString(file, "secret");
        String malformed = refused(file);
        assertTrue(malformed.contains("64 hex digits") && !malformed.contains("secret"), malformed);
        Files.delete(file);
        assertTrue(refused(file).contains("restore the file"));
        assertFalse(Files.exists(file));
        Files.writeString(file, key);
        assertEquals(1, open().credentials("m1").size());
    }

    private String refused(Path file) {
        String message = assertThrows(IllegalStateException.class, this::open).getMessage();
        assertTrue(message.contains(file.toString()), message);
        return message;
    }

    @Test
    void theMasterKeyFileCanBeElsewhere() {
        Path elsewhere = data.resolve("keys/other.key");
        open("master.key.file", elsewhere.toString());
        assertTrue(Files.exists(elsewhere));
        assertFalse(Files.exists(data.resolve("inventory/master.key")));
    }

    @Test
    void aDocumentThatCannotBeReadStopsNothingAndIsReported() {
        open().put(FULL, List.of(new Credential.PreSharedKey("identity-1", KEY)));
        open().put(Meter.builder("m2").build(), List.of(new Credential.PreSharedKey("identity-2", KEY)));
        store.of("meter").put("broken", "{\"id\":".getBytes(StandardCharsets.UTF_8));
        store.of("meter").put("other", "{\"id\":\"x\",\"state\":\"lost\"}".getBytes(StandardCharsets.UTF_8));
        // the credential of one meter in the place of another's must not open
        store.of("credential").put("m2", store.of("credential").get("m1"));

        MeterInventory inventory = open();
        assertEquals(2, inventory.size());
        assertTrue(inventory.findPsk("identity-1").isPresent());
        assertEquals(List.of(), inventory.credentials("m2"));
        assertEquals(Health.Status.DEGRADED, inventory.health().status());
        assertEquals(3, inventory.health().values().get("unreadable"));
        RecordedEvents events = new RecordedEvents();
        inventory.bindEvents(events);
        assertEquals(List.of("inventory.unreadable"), events.types);
    }

    @Test
    void fieldsOfALaterVersionAreSkipped() {
        open();
        store.of("meter")
                .put("m1", "{\"id\":\"m1\",\"colour\":{\"a\":[1]},\"zone\":\"z\"}".getBytes(StandardCharsets.UTF_8));
        assertEquals("z", open().find("m1").orElseThrow().zone());
    }

    @Test
    void aRetiredMetersKeyIsNotFound() {
        MeterInventory inventory = open();
        inventory.put(FULL, List.of(new Credential.PreSharedKey("identity-1", KEY)));
        inventory.put(FULL.toBuilder().state(MeterState.RETIRED).build());
        assertTrue(inventory.findPsk("identity-1").isEmpty());
    }

    @Test
    void whileEnrolmentIsOpenAnUnknownIdentityHasADerivedKey() {
        // HMAC-SHA256, RFC 4231 test case 2: key "Jefe" is too short here, so case 1: 20 × 0x0b, "Hi There"
        MeterInventory inventory = open("enrolment.open", true, ".enrolment.key.hex", "0b".repeat(20));
        PskBinding binding = inventory.findPsk("Hi There").orElseThrow();
        assertEquals("Hi There", binding.endpoint());
        assertArrayEquals(
                HexFormat.of().parseHex("b0344c61d8db38535ca8afceaf0bf12b"),
                binding.credential().key());
    }

    @Test
    void aClosedOrKeylessEnrolmentDerivesNothing() {
        assertTrue(open(".enrolment.key.hex", "0b".repeat(20)).findPsk("x").isEmpty());
        assertTrue(open("enrolment.open", true).findPsk("x").isEmpty());
    }

    @Test
    void aMeterWithItsOwnCredentialsHasNoDerivedKey() {
        MeterInventory inventory = open("enrolment.open", true, ".enrolment.key.hex", "0b".repeat(20));
        inventory.put(FULL, List.of(new Credential.PreSharedKey("identity-1", KEY)));
        assertTrue(inventory.findPsk("ep-1").isEmpty());
        inventory.put(Meter.builder("m3").build());
        assertTrue(inventory.findPsk("m3").isPresent());
        inventory.put(Meter.builder("m3").state(MeterState.RETIRED).build());
        assertTrue(inventory.findPsk("m3").isEmpty());
    }

    @Test
    void anEnrolledMeterIsActiveAndDurableAndItsDerivedKeyEndsWithEnrolment() throws EnrolmentRefusedException {
        MeterInventory inventory = open("enrolment.open", true, ".enrolment.key.hex", "0b".repeat(20));
        RecordedEvents events = new RecordedEvents();
        inventory.bindEvents(events);
        Meter meter = inventory.enrol("new-1");
        assertEquals(MeterState.ACTIVE, meter.state());
        assertEquals(meter, inventory.enrol("new-1"));
        assertEquals(List.of("meter.enrolled"), events.types);
        assertTrue(inventory.findPsk("new-1").isPresent());
        MeterInventory closed = open();
        assertEquals(Optional.of(meter), closed.find("new-1"));
        assertTrue(closed.findPsk("new-1").isEmpty());
    }

    @Test
    void enrolmentIsRefusedWhenClosedOrWhenTheNameCannotBeAnId() throws EnrolmentRefusedException {
        MeterInventory closed = open();
        closed.put(FULL);
        assertEquals(FULL, closed.enrol("ep-1"));
        assertThrows(EnrolmentRefusedException.class, () -> closed.enrol("new-1"));
        MeterInventory inventory = open("enrolment.open", true);
        assertThrows(EnrolmentRefusedException.class, () -> inventory.enrol("no spaces"));
        // "m1" is the id of a meter with another endpoint name: it must not be replaced
        assertThrows(EnrolmentRefusedException.class, () -> inventory.enrol("m1"));
        assertEquals(Optional.of(FULL), inventory.find("m1"));
    }

    @Test
    void aBadEnrolmentKeyIsRefusedWithoutRepeatingIt() {
        String message = assertThrows(IllegalArgumentException.class, () -> open(".enrolment.key.hex", "abcdefg"))
                .getMessage();
        assertTrue(message.contains("enrolment.key.hex") && !message.contains("abcdefg"), message);
    }

    @Test
    void aHundredThousandMetersLoad() {
        MeterInventory inventory = open();
        StringBuilder csv = new StringBuilder("id,zone,pskIdentity,pskKeyHex\n");
        for (int i = 0; i < 100_000; i++) {
            csv.append("m")
                    .append(i)
                    .append(",z")
                    .append(i % 50)
                    .append(",psk")
                    .append(i)
                    .append(",");
            csv.append("00112233445566778899aabbccddeeff\n");
        }
        int before = store.writes;
        assertEquals(
                100_000,
                inventory.importCsv(new java.io.StringReader(csv.toString())).imported());
        assertEquals(before + 1, store.writes);
        MeterInventory again = open();
        assertEquals(100_000, again.size());
        assertTrue(again.findPsk("psk99999").isPresent());
    }

    private static final class RecordedEvents implements Events {
        private final List<String> types = new ArrayList<>();

        @Override
        public void publish(String type, Event.Severity severity, String text) {
            types.add(type);
        }

        @Override
        public void publish(String type, Event.Severity severity, String meter, String text) {
            types.add(type);
        }

        @Override
        public List<Event> recent(long after, int limit) {
            return List.of();
        }
    }
}
