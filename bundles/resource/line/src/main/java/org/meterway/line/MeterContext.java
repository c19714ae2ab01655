// SPDX-License-Identifier: EPL-2.0
package org.meterway.line;

import java.security.SecureRandom;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import org.meterway.api.codec.DecodeContext;
import org.meterway.api.line.DialogueContext;
import org.meterway.api.meter.Meter;
import org.meterway.api.model.DeviceModels;
import org.meterway.api.model.Register;

/** What a dialogue and a codec may know of a meter; without one, of any that answers a probe. */
final class MeterContext implements DialogueContext, DecodeContext {
    private static final SecureRandom RANDOM = new SecureRandom();

    private final LineServices services;
    private final Optional<Meter> meter;

    MeterContext(LineServices services, Optional<Meter> meter) {
        this.services = services;
        this.meter = meter;
    }

    @Override
    public Optional<byte[]> key(String name) {
        return meter.flatMap(known -> services.inventory.key(known.id(), name));
    }

    @Override
    public ZoneId timeZone() {
        return meter.map(Meter::timeZone).orElse(ZoneOffset.UTC);
    }

    @Override
    public Instant now() {
        return services.now();
    }

    @Override
    public long nextCounter(String name) {
        return services.counters.next(name);
    }

    @Override
    public byte[] random(int length) {
        byte[] bytes = new byte[length];
        RANDOM.nextBytes(bytes);
        return bytes;
    }

    @Override
    public Optional<Register> resolve(String name) {
        DeviceModels models = services.models;
        return models == null || meter.isEmpty()
                ? Optional.empty()
                : models.namesOf(meter.get().id()).resolve(name);
    }
}
