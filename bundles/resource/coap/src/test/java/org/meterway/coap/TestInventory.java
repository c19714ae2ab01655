// SPDX-License-Identifier: EPL-2.0
package org.meterway.coap;

import java.io.Reader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.meterway.api.meter.Credential;
import org.meterway.api.meter.EnrolmentRefusedException;
import org.meterway.api.meter.ImportReport;
import org.meterway.api.meter.Inventory;
import org.meterway.api.meter.Meter;
import org.meterway.api.meter.MeterState;
import org.meterway.api.meter.PskBinding;

/** An inventory in memory. */
final class TestInventory implements Inventory {
    private final Map<String, Meter> meters = new ConcurrentHashMap<>();
    private final Map<String, List<Credential>> credentials = new ConcurrentHashMap<>();
    volatile boolean open;

    TestInventory with(String id, Credential... proofs) {
        put(Meter.builder(id).build(), List.of(proofs));
        return this;
    }

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
        return new ArrayList<>(meters.values()).stream();
    }

    @Override
    public int size() {
        return meters.size();
    }

    @Override
    public void put(Meter meter) {
        meters.put(meter.id(), meter);
    }

    @Override
    public void put(Meter meter, List<Credential> proofs) {
        meters.put(meter.id(), meter);
        credentials.put(meter.id(), List.copyOf(proofs));
    }

    @Override
    public boolean remove(String id) {
        credentials.remove(id);
        return meters.remove(id) != null;
    }

    @Override
    public List<Credential> credentials(String id) {
        return credentials.getOrDefault(id, List.of());
    }

    @Override
    public Optional<byte[]> key(String id, String name) {
        return Optional.empty();
    }

    @Override
    public Set<String> keyNames(String id) {
        return Set.of();
    }

    @Override
    public void putKeys(String id, Map<String, byte[]> keys) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<PskBinding> findPsk(String identity) {
        return meters().flatMap(meter -> credentials(meter.id()).stream()
                        .filter(each -> each instanceof Credential.PreSharedKey psk
                                && psk.identity().equals(identity))
                        .map(each -> new PskBinding(meter.endpoint(), (Credential.PreSharedKey) each)))
                .findFirst();
    }

    @Override
    public boolean enrolmentOpen() {
        return open;
    }

    @Override
    public Meter enrol(String endpoint) throws EnrolmentRefusedException {
        if (!open) {
            throw new EnrolmentRefusedException("enrolment is closed");
        }
        Meter meter = Meter.builder(endpoint).state(MeterState.ACTIVE).build();
        put(meter);
        return meter;
    }

    @Override
    public ImportReport importCsv(Reader csv) {
        throw new UnsupportedOperationException();
    }
}
