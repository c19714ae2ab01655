// SPDX-License-Identifier: EPL-2.0
package org.meterway.line;

import static org.osgi.service.component.annotations.ReferenceCardinality.MULTIPLE;
import static org.osgi.service.component.annotations.ReferenceCardinality.OPTIONAL;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;
import static org.osgi.service.component.annotations.ReferencePolicyOption.GREEDY;

import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.meterway.api.codec.Codec;
import org.meterway.api.event.Event;
import org.meterway.api.event.Events;
import org.meterway.api.intake.Intake;
import org.meterway.api.line.LineProtocol;
import org.meterway.api.meter.Inventory;
import org.meterway.api.model.DeviceModels;
import org.meterway.api.store.DocumentStore;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** What lines speak to. Protocols come and go; the inventory and the store must be there. */
@Component(service = LineServices.class)
public final class LineServices {
    final Inventory inventory;
    final Counters counters;
    private final Clock clock;

    @Reference(policy = DYNAMIC, policyOption = GREEDY, cardinality = OPTIONAL)
    volatile @Nullable Intake intake;

    @Reference(policy = DYNAMIC, policyOption = GREEDY, cardinality = OPTIONAL)
    volatile @Nullable Events events;

    @Reference(policy = DYNAMIC, policyOption = GREEDY, cardinality = OPTIONAL)
    volatile @Nullable DeviceModels models;

    /** The lower service ranking first. */
    @Reference(policy = DYNAMIC, cardinality = MULTIPLE)
    volatile List<LineProtocol> protocols = List.of();

    /** The lower service ranking first. */
    @Reference(policy = DYNAMIC, cardinality = MULTIPLE)
    volatile List<Codec> codecs = List.of();

    @Activate
    public LineServices(@Reference Inventory inventory, @Reference DocumentStore store) {
        this(inventory, store, Clock.systemUTC());
    }

    LineServices(Inventory inventory, DocumentStore store, Clock clock) {
        this.inventory = inventory;
        this.counters = new Counters(store);
        this.clock = clock;
    }

    /** The time now, in whole milliseconds as readings have it. */
    Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    Optional<LineProtocol> protocol(String name) {
        return protocols.stream()
                .filter(protocol -> protocol.name().equals(name))
                .reduce((lower, higher) -> higher);
    }

    Optional<Codec> codec(String contentType) {
        return codecs.stream()
                .filter(codec -> codec.contentTypes().contains(contentType))
                .reduce((lower, higher) -> higher);
    }

    void tell(String type, Event.Severity severity, String text) {
        Events publisher = events;
        if (publisher != null) {
            publisher.publish(type, severity, text);
        }
    }

    void tell(String type, Event.Severity severity, String meter, String text) {
        Events publisher = events;
        if (publisher != null) {
            publisher.publish(type, severity, meter, text);
        }
    }
}
