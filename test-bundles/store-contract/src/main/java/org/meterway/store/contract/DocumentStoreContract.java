// SPDX-License-Identifier: EPL-2.0
package org.meterway.store.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.meterway.api.store.DocumentStore;
import org.meterway.api.store.DocumentStore.Change;

/** What {@link DocumentStore} promises. */
public abstract class DocumentStoreContract {
    /** Where the store of the test lives. */
    @TempDir
    protected Path folder;

    private StoreUnderTest open;

    /** Opens the store in a folder, a new one if the folder is empty. */
    protected abstract StoreUnderTest open(Path where);

    @BeforeEach
    void openStore() {
        open = open(folder);
    }

    @AfterEach
    void closeStore() {
        open.close();
    }

    private DocumentStore store() {
        return open.documents();
    }

    private DocumentStore reopened() {
        open.close();
        open = open(folder);
        return store();
    }

    @Test
    void aDocumentComesBackUntilItIsRemoved() {
        assertEquals(Optional.empty(), store().get("meters", "m1"));
        store().write(List.of(put("meters", "m1", "one")));
        assertEquals("one", text("meters", "m1"));
        store().write(List.of(put("meters", "m1", "two"), put("meters", "empty", "")));
        reopened();
        assertEquals("two", text("meters", "m1"));
        assertEquals("", text("meters", "empty"));
        store().write(List.of(Change.remove("meters", "m1"), Change.remove("meters", "never there")));
        assertEquals(Optional.empty(), reopened().get("meters", "m1"));
    }

    @Test
    void collectionsAndKeysThatDifferInCaseBlanksOrAccentsStayApart() {
        List<String> keys = List.of("a", "A", "a ", " a", "á", "電", "a\tb", "a'b", "a%", "🔌");
        List<Change> changes = new ArrayList<>();
        for (String key : keys) {
            changes.add(put("one", key, "one " + key));
            changes.add(put("one ", key, "two " + key));
        }
        store().write(changes);
        reopened();
        for (String key : keys) {
            assertEquals("one " + key, text("one", key));
            assertEquals("two " + key, text("one ", key));
            assertEquals(Optional.empty(), store().get("One", key));
        }
    }

    @Test
    void allDocumentsOfACollectionComeInTheOrderOfTheirKeys() {
        List<Change> changes = new ArrayList<>();
        List<String> keys = new ArrayList<>();
        for (int i = 0; i < 3_500; i++) {
            String key = Integer.toString(i * 7_919 % 10_007, 36);
            keys.add(key);
            changes.add(put("plans", key, "document " + key));
        }
        changes.add(put("other", "x", "y"));
        store().write(changes);
        keys.sort(null);
        List<String> found = new ArrayList<>();
        store().forEach("plans", (key, document) -> {
            assertEquals("document " + key, new String(document, StandardCharsets.UTF_8));
            found.add(key);
        });
        assertEquals(keys, found);
        store().forEach("nothing", (key, document) -> found.add(key));
        assertEquals(keys.size(), found.size());
    }

    @Test
    void theLastOfSeveralChangesOfAKeyWins() {
        store().write(List.of(put("c", "k", "1"), Change.remove("c", "k"), put("c", "k", "2"), put("c", "k", "3")));
        assertEquals("3", text("c", "k"));
        store().write(List.of(put("c", "k", "4"), Change.remove("c", "k")));
        assertEquals(Optional.empty(), store().get("c", "k"));
    }

    @Test
    void oneWrongChangeStopsAll() {
        store().write(List.of(put("c", "k", "before")));
        List<Change> wrong = List.of(
                Change.put("c", "big", new byte[1024 * 1024 + 1]),
                put("c", "k".repeat(256), "x"),
                put("c".repeat(65), "k", "x"),
                put("c", "", "x"),
                put("", "k", "x"));
        for (Change change : wrong) {
            assertThrows(IllegalArgumentException.class, () -> store().write(List.of(put("c", "k", "after"), change)));
        }
        assertEquals("before", text("c", "k"));
    }

    @Test
    void theLargestDocumentsAndLongestKeysAreKept() {
        byte[] document = new byte[1024 * 1024];
        new Random(5).nextBytes(document);
        String collection = "電".repeat(64);
        List<Change> changes = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            changes.add(Change.put(collection, i + "気".repeat(254), document));
        }
        store().write(changes);
        List<String> found = new ArrayList<>();
        reopened().forEach(collection, (key, bytes) -> {
            assertArrayEquals(document, bytes);
            found.add(key);
        });
        assertEquals(changes.stream().map(Change::key).toList(), found);
    }

    @Test
    void aConsumerMayChangeTheCollection() {
        store().write(List.of(put("c", "a", "1"), put("c", "b", "2")));
        store().forEach("c", (key, document) -> store().write(List.of(put("c", key, "seen"))));
        assertEquals("seen", text("c", "a"));
        assertEquals("seen", text("c", "b"));
    }

    private String text(String collection, String key) {
        return new String(store().get(collection, key).orElseThrow(), StandardCharsets.UTF_8);
    }

    private static Change put(String collection, String key, String text) {
        return Change.put(collection, key, text.getBytes(StandardCharsets.UTF_8));
    }
}
