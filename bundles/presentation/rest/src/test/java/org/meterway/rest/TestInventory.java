// SPDX-License-Identifier: EPL-2.0
package org.meterway.rest;

import java.io.BufferedReader;
import java.io.Reader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Stream;
import org.meterway.api.meter.Credential;
import org.meterway.api.meter.ImportReport;
import org.meterway.api.meter.Inventory;
import org.meterway.api.meter.Meter;
import org.meterway.api.meter.PskBinding;
import org.meterway.api.store.StoreException;

/** An inventory in memory; an import takes one id a line and refuses "bad". */
final class TestInventory implements Inventory {
    final Map<String, Meter> meters = new ConcurrentHashMap<>();
    final Map<String, List<Credential>> credentials = new ConcurrentHashMap<>();
    final Map<String, Map<String, byte[]>> keys = new ConcurrentHashMap<>();
    volatile boolean failing;

    @Override
    public Optional<Meter> find(String id) {
        return Optional.ofNullable(meters.get(id));
    }

    @Override
    public Optional<Meter> findByEndpoint(String endpoint) {
        return meters().filter(meter -> meter.endpoint().equals(endpoint)).findFirst();
    }

    @Override
    public Stream<Meter> meters() {
        return meters.values().stream();
    }

    @Override
    public int size() {
        return meters.size();
    }

    @Override
    public void put(Meter meter) {
        put(meter, credentials(meter.id()));
    }

    @Override
    public void put(Meter meter, List<Credential> list) {
        if (failing) {
            throw new StoreException("disk full");
        }
        findByEndpoint(meter.endpoint())
                .filter(other -> !other.id().equals(meter.id()))
                .ifPresent(other -> {
                    throw new IllegalArgumentException(
                            "meter " + other.id() + " has the endpoint name " + other.endpoint());
                });
        meters.put(meter.id(), meter);
        credentials.put(meter.id(), list);
    }

    @Override
    public boolean remove(String id) {
        return meters.remove(id) != null;
    }

    @Override
    public List<Credential> credentials(String id) {
        return credentials.getOrDefault(id, List.of());
    }

    @Override
    public Optional<byte[]> key(String id, String name) {
        return Optional.ofNullable(keys.getOrDefault(id, Map.of()).get(name));
    }

    @Override
    public Set<String> keyNames(String id) {
        return keys.getOrDefault(id, Map.of()).keySet();
    }

    @Override
    public void putKeys(String id, Map<String, byte[]> changes) {
        Map<String, byte[]> changed = keys.computeIfAbsent(id, ignored -> new ConcurrentSkipListMap<>());
        changed.putAll(changes);
        changed.values().removeIf(secret -> secret.length == 0);
    }

    @Override
    public Optional<PskBinding> findPsk(String identity) {
        return Optional.empty();
    }

    @Override
    public boolean enrolmentOpen() {
        return false;
    }

    @Override
    public Meter enrol(String endpoint) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ImportReport importCsv(Reader csv) {
        List<String> lines = new BufferedReader(csv).lines().toList();
        List<ImportReport.Problem> problems = new ArrayList<>();
        for (int i = 1; i < lines.size(); i++) {
            if (lines.get(i).equals("bad")) {
                problems.add(new ImportReport.Problem(i + 1, "id", "is bad"));
            }
        }
        if (problems.isEmpty()) {
            lines.stream().skip(1).forEach(id -> put(Meter.builder(id).build()));
        }
        return new ImportReport(problems.isEmpty() ? lines.size() - 1 : 0, problems);
    }
}
