// SPDX-License-Identifier: EPL-2.0
package org.meterway.inventory;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.meterway.api.event.Event;
import org.meterway.api.event.Events;
import org.meterway.api.health.Health;
import org.meterway.api.health.HealthReporter;
import org.meterway.api.meter.Credential;
import org.meterway.api.meter.EnrolmentRefusedException;
import org.meterway.api.meter.ImportReport;
import org.meterway.api.meter.Inventory;
import org.meterway.api.meter.Meter;
import org.meterway.api.meter.MeterState;
import org.meterway.api.meter.PskBinding;
import org.meterway.api.store.DocumentStore;
import org.meterway.api.store.DocumentStore.Change;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The inventory in memory, as documents in the store. Look-ups take no lock; changes take one, are written first and seen
 * afterwards.
 */
@Designate(ocd = Config.class)
@Component(
        service = {Inventory.class, HealthReporter.class},
        configurationPid = Config.PID)
public final class MeterInventory implements Inventory, HealthReporter {
    private static final Logger LOG = LoggerFactory.getLogger(MeterInventory.class);
    private static final String METERS = "meter";
    private static final String CREDENTIALS = "credential";
    private static final String KEYS = "meter-key";
    private static final int MAX_METERS = 1_000_000;
    private static final int MAX_LOGGED = 20;

    private final DocumentStore store;
    private final CredentialSafe safe;
    private final boolean enrolmentOpen;
    private final Optional<EnrolmentKey> enrolmentKey;
    private final Map<String, Entry> byId = new ConcurrentHashMap<>();
    private final Map<String, Entry> byEndpoint = new ConcurrentHashMap<>();
    private final Map<String, Entry> byIdentity = new ConcurrentHashMap<>();
    private final int unreadable;
    private final Object changing = new Object();
    private volatile Events events;

    @Activate
    public MeterInventory(@Reference DocumentStore store, BundleContext context, Config config) {
        this(store, DataFolder.of(context), config);
    }

    MeterInventory(DocumentStore store, Path data, Config config) {
        this.store = store;
        this.enrolmentOpen = config.enrolment_open();
        this.enrolmentKey = config._enrolment_key_hex().isBlank()
                ? Optional.empty()
                : Optional.of(new EnrolmentKey(config._enrolment_key_hex()));
        Path keyFile = config.master_key_file().isBlank()
                ? data.resolve("inventory").resolve("master.key")
                : Path.of(config.master_key_file());
        this.safe = CredentialSafe.open(store, keyFile);
        this.unreadable = load();
        LOG.info("inventory of {} meters, enrolment {}", byId.size(), enrolmentOpen ? "open" : "closed");
    }

    @Reference(policy = ReferencePolicy.DYNAMIC, cardinality = ReferenceCardinality.OPTIONAL)
    void bindEvents(Events service) {
        events = service;
        if (unreadable > 0) {
            service.publish(
                    "inventory.unreadable",
                    Event.Severity.ALARM,
                    unreadable + " documents of the inventory cannot be read, see the log");
        }
    }

    void unbindEvents(Events service) {
        if (events == service) {
            events = null;
        }
    }

    @Override
    public Optional<Meter> find(String id) {
        return Optional.ofNullable(byId.get(id)).map(Entry::meter);
    }

    @Override
    public Optional<Meter> findByEndpoint(String endpoint) {
        return Optional.ofNullable(byEndpoint.get(endpoint)).map(Entry::meter);
    }

    @Override
    public Stream<Meter> meters() {
        return byId.values().stream().map(Entry::meter);
    }

    @Override
    public int size() {
        return byId.size();
    }

    @Override
    public void put(Meter meter) {
        synchronized (changing) {
            Entry old = byId.get(meter.id());
            Entry entry = old == null
                    ? new Entry(meter, List.of(), Keys.NONE)
                    : new Entry(meter, old.credentials(), old.keys());
            unique(entry);
            store.write(List.of(Change.put(METERS, meter.id(), Documents.write(meter))));
            show(entry);
        }
    }

    @Override
    public void put(Meter meter, List<Credential> credentials) {
        synchronized (changing) {
            Entry old = byId.get(meter.id());
            Entry entry = new Entry(meter, credentials, old == null ? Keys.NONE : old.keys());
            if (credentials.stream().map(Credential::kind).distinct().count() < credentials.size()) {
                throw new IllegalArgumentException("a meter has at most one credential of each kind");
            }
            unique(entry);
            store.write(changes(entry));
            show(entry);
        }
    }

    @Override
    public boolean remove(String id) {
        synchronized (changing) {
            Entry old = byId.get(id);
            if (old == null) {
                return false;
            }
            store.write(List.of(Change.remove(METERS, id), Change.remove(CREDENTIALS, id), Change.remove(KEYS, id)));
            byId.remove(id);
            byEndpoint.remove(old.meter().endpoint());
            old.psk().ifPresent(psk -> byIdentity.remove(psk.identity()));
            return true;
        }
    }

    @Override
    public List<Credential> credentials(String id) {
        Entry entry = byId.get(id);
        return entry == null ? List.of() : entry.credentials();
    }

    @Override
    public Optional<byte[]> key(String id, String name) {
        Entry entry = byId.get(id);
        return entry == null ? Optional.empty() : entry.keys().find(name);
    }

    @Override
    public Set<String> keyNames(String id) {
        Entry entry = byId.get(id);
        return entry == null ? Set.of() : entry.keys().names();
    }

    @Override
    public void putKeys(String id, Map<String, byte[]> keys) {
        synchronized (changing) {
            Entry old = byId.get(id);
            if (old == null) {
                throw new IllegalArgumentException("there is no meter " + id);
            }
            Entry entry = new Entry(old.meter(), old.credentials(), old.keys().with(keys));
            store.write(List.of(keyChange(entry)));
            show(entry);
        }
    }

    @Override
    public Optional<PskBinding> findPsk(String identity) {
        Entry owner = byIdentity.get(identity);
        if (owner != null) {
            return owner.meter().state() == MeterState.RETIRED
                    ? Optional.empty()
                    : owner.psk().map(psk -> new PskBinding(owner.meter().endpoint(), psk));
        }
        if (!enrolmentOpen || enrolmentKey.isEmpty() || identity.isEmpty() || identity.length() > 128) {
            return Optional.empty();
        }
        Entry known = byEndpoint.get(identity);
        if (known != null
                && (known.meter().state() == MeterState.RETIRED
                        || !known.credentials().isEmpty())) {
            return Optional.empty(); // it has its own credentials: the derived key must not open a second door
        }
        return Optional.of(new PskBinding(identity, enrolmentKey.get().derive(identity)));
    }

    @Override
    public boolean enrolmentOpen() {
        return enrolmentOpen;
    }

    @Override
    public Meter enrol(String endpoint) throws EnrolmentRefusedException {
        Entry known = byEndpoint.get(endpoint);
        if (known != null) {
            return known.meter();
        }
        if (!enrolmentOpen) {
            throw new EnrolmentRefusedException("'" + endpoint + "' is not in the inventory and enrolment is closed");
        }
        Entry entry;
        synchronized (changing) {
            known = byEndpoint.get(endpoint);
            if (known != null) {
                return known.meter();
            }
            entry = enrolling(endpoint);
            store.write(changes(entry));
            show(entry);
        }
        LOG.info("meter {} enrolled", endpoint);
        Events publisher = events;
        if (publisher != null) {
            publisher.publish(
                    "meter.enrolled", Event.Severity.INFO, endpoint, "Meter " + endpoint + " enrolled itself");
        }
        return entry.meter();
    }

    private Entry enrolling(String endpoint) throws EnrolmentRefusedException {
        if (byId.size() >= MAX_METERS) {
            throw new EnrolmentRefusedException("the inventory is full with " + MAX_METERS + " meters");
        }
        try {
            Meter meter = Meter.builder(endpoint).state(MeterState.ACTIVE).build();
            Entry entry = new Entry(meter, List.of(), Keys.NONE);
            if (byId.containsKey(endpoint)) {
                throw new IllegalArgumentException("another endpoint has the id " + endpoint);
            }
            unique(entry);
            return entry;
        } catch (IllegalArgumentException e) {
            throw new EnrolmentRefusedException("'" + endpoint + "' cannot enrol: " + e.getMessage());
        }
    }

    /** Reads without the lock, because a file may come slowly, and checks again with it. */
    @Override
    public ImportReport importCsv(Reader csv) {
        CsvImport reading = new CsvImport(byId::containsKey, byEndpoint::containsKey, byIdentity::containsKey);
        List<Entry> entries = reading.read(csv);
        if (!reading.problems().isEmpty()) {
            return new ImportReport(0, reading.problems());
        }
        List<Change> changes = new ArrayList<>(entries.size() * 2);
        entries.forEach(entry -> {
            changes.addAll(changes(entry));
            if (!entry.keys().isEmpty()) {
                changes.add(keyChange(entry));
            }
        });
        changes.sort(Comparator.comparing(Change::collection).thenComparing(Change::key)); // easiest for an index
        synchronized (changing) {
            Optional<Entry> taken = entries.stream().filter(this::taken).findFirst();
            if (taken.isPresent()) {
                String message = taken.get().meter().id() + " came into the inventory meanwhile: import again";
                return new ImportReport(0, List.of(new ImportReport.Problem(1, "", message)));
            }
            if (!changes.isEmpty()) {
                store.write(changes);
            }
            entries.forEach(this::show);
        }
        LOG.info("imported {} meters", entries.size());
        return new ImportReport(entries.size(), List.of());
    }

    private boolean taken(Entry entry) {
        return byId.containsKey(entry.meter().id())
                || byEndpoint.containsKey(entry.meter().endpoint())
                || entry.psk()
                        .filter(psk -> byIdentity.containsKey(psk.identity()))
                        .isPresent();
    }

    @Override
    public Health health() {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("meters", byId.size());
        values.put("pskIdentities", byIdentity.size());
        values.put("enrolmentOpen", enrolmentOpen);
        values.put("unreadable", unreadable);
        String text = byId.size() + " meters" + (unreadable == 0 ? "" : ", " + unreadable + " documents unreadable");
        return new Health("inventory", unreadable == 0 ? Health.Status.UP : Health.Status.DEGRADED, text, values);
    }

    private List<Change> changes(Entry entry) {
        String id = entry.meter().id();
        Change meter = Change.put(METERS, id, Documents.write(entry.meter()));
        Change credentials = entry.credentials().isEmpty()
                ? Change.remove(CREDENTIALS, id)
                : Change.put(CREDENTIALS, id, safe.seal(id, Documents.write(entry.credentials())));
        return List.of(meter, credentials);
    }

    private Change keyChange(Entry entry) {
        String id = entry.meter().id();
        return entry.keys().isEmpty()
                ? Change.remove(KEYS, id)
                : Change.put(KEYS, id, safe.seal(keyOwner(id), Documents.write(entry.keys())));
    }

    /** No meter's id, so that sealed credentials and sealed keys cannot be exchanged for one another. */
    private static String keyOwner(String id) {
        return id + " keys";
    }

    private void unique(Entry entry) {
        String id = entry.meter().id();
        Entry sameEndpoint = byEndpoint.get(entry.meter().endpoint());
        if (sameEndpoint != null && !sameEndpoint.meter().id().equals(id)) {
            throw new IllegalArgumentException("meter " + sameEndpoint.meter().id() + " has the endpoint name "
                    + entry.meter().endpoint());
        }
        entry.psk().map(psk -> byIdentity.get(psk.identity())).ifPresent(owner -> {
            if (!owner.meter().id().equals(id)) {
                throw new IllegalArgumentException("meter " + owner.meter().id() + " has the PSK identity "
                        + entry.psk().orElseThrow().identity());
            }
        });
    }

    /** New names appear before old ones go, so that a look-up in between never misses a meter that stays. */
    private void show(Entry entry) {
        Entry old = byId.put(entry.meter().id(), entry);
        byEndpoint.put(entry.meter().endpoint(), entry);
        entry.psk().ifPresent(psk -> byIdentity.put(psk.identity(), entry));
        if (old != null) {
            if (!old.meter().endpoint().equals(entry.meter().endpoint())) {
                byEndpoint.remove(old.meter().endpoint());
            }
            String kept = entry.psk().map(Credential.PreSharedKey::identity).orElse("");
            old.psk().filter(psk -> !psk.identity().equals(kept)).ifPresent(psk -> byIdentity.remove(psk.identity()));
        }
    }

    private int load() {
        int[] bad = {0};
        Map<String, List<Credential>> credentials = new HashMap<>();
        store.forEach(CREDENTIALS, (id, document) -> {
            try {
                credentials.put(id, Documents.credentials(safe.unseal(id, document)));
            } catch (IOException | GeneralSecurityException e) {
                unreadable("credentials", id, e, bad);
            }
        });
        Map<String, Keys> keys = new HashMap<>();
        store.forEach(KEYS, (id, document) -> {
            try {
                keys.put(id, Documents.keys(safe.unseal(keyOwner(id), document)));
            } catch (IOException | GeneralSecurityException e) {
                unreadable("keys", id, e, bad);
            }
        });
        store.forEach(METERS, (id, document) -> {
            try {
                Meter meter = Documents.meter(document);
                if (!meter.id().equals(id)) {
                    throw new IOException("it holds meter " + meter.id());
                }
                Entry entry =
                        new Entry(meter, credentials.getOrDefault(id, List.of()), keys.getOrDefault(id, Keys.NONE));
                unique(entry);
                show(entry);
            } catch (IOException | IllegalArgumentException e) {
                unreadable("document", id, e, bad);
            }
        });
        return bad[0];
    }

    private static void unreadable(String what, String id, Exception why, int[] bad) {
        if (++bad[0] <= MAX_LOGGED) {
            LOG.error("the {} of meter {} cannot be read and is left out: {}", what, id, why.toString());
        }
    }
}
