// SPDX-License-Identifier: EPL-2.0
package org.meterway.api.meter;

import static java.util.Objects.requireNonNull;

import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.Set;

/** A meter or terminal as the inventory knows it. Immutable; made by {@link #builder} or changed by {@link #toBuilder}. */
public final class Meter {
    private final Builder fields;

    private Meter(Builder fields) {
        this.fields = new Builder(fields);
        this.fields.check();
    }

    /** Starts a meter with this id; the endpoint is the same until set, the state planned, the time zone UTC. */
    public static Builder builder(String id) {
        return new Builder(id);
    }

    /** A builder that starts from this meter. */
    public Builder toBuilder() {
        return new Builder(fields);
    }

    /** Unique in the gateway, 1–64 characters of {@code A-Z a-z 0-9 . _ : -}. */
    public String id() {
        return fields.id;
    }

    /** The LwM2M endpoint client name (LwM2M Core 1.1, 7.4.1), unique. */
    public String endpoint() {
        return fields.endpoint;
    }

    /** The manufacturer's serial number; empty if unknown. */
    public String serial() {
        return fields.serial;
    }

    /** The manufacturer; empty if unknown. */
    public String vendor() {
        return fields.vendor;
    }

    /** Name of the device model ({@link org.meterway.api.model.DeviceModels}); empty if unknown. */
    public String model() {
        return fields.model;
    }

    /** The feeder or base-station area whose link the meter shares; empty if unknown. */
    public String zone() {
        return fields.zone;
    }

    /** Where it stands, if known. */
    public Optional<Place> place() {
        return fields.place;
    }

    /** The local time zone of the customer; readings are kept in UTC all the same. */
    public ZoneId timeZone() {
        return fields.timeZone;
    }

    public MeterState state() {
        return fields.state;
    }

    /** Where it is found on a line, if it is asked over one. */
    public Optional<LineAddress> line() {
        return fields.line;
    }

    /** Labels people gave it, each 1–64 characters without blank, comma and semicolon; at most 16. */
    public Set<String> tags() {
        return fields.tags;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Meter meter && fields.same(meter.fields);
    }

    @Override
    public int hashCode() {
        return fields.id.hashCode();
    }

    @Override
    public String toString() {
        return "Meter " + fields.id;
    }

    /** Collects the fields of a {@link Meter}. Not thread-safe. */
    public static final class Builder {
        private final String id;
        private String endpoint;
        private String serial = "";
        private String vendor = "";
        private String model = "";
        private String zone = "";
        private Optional<Place> place = Optional.empty();
        private ZoneId timeZone = ZoneOffset.UTC;
        private MeterState state = MeterState.PLANNED;
        private Optional<LineAddress> line = Optional.empty();
        private Set<String> tags = Set.of();

        private Builder(String id) {
            this.id = requireNonNull(id, "id");
            this.endpoint = id;
        }

        private Builder(Builder other) {
            this(other.id);
            endpoint = other.endpoint;
            serial = other.serial;
            vendor = other.vendor;
            model = other.model;
            zone = other.zone;
            place = other.place;
            timeZone = other.timeZone;
            state = other.state;
            line = other.line;
            tags = other.tags;
        }

        public Builder endpoint(String name) {
            this.endpoint = requireNonNull(name, "endpoint");
            return this;
        }

        public Builder serial(String number) {
            this.serial = requireNonNull(number, "serial");
            return this;
        }

        public Builder vendor(String name) {
            this.vendor = requireNonNull(name, "vendor");
            return this;
        }

        public Builder model(String name) {
            this.model = requireNonNull(name, "model");
            return this;
        }

        public Builder zone(String name) {
            this.zone = requireNonNull(name, "zone");
            return this;
        }

        public Builder place(Place where) {
            this.place = Optional.of(where);
            return this;
        }

        public Builder timeZone(ZoneId local) {
            this.timeZone = requireNonNull(local, "timeZone");
            return this;
        }

        public Builder state(MeterState now) {
            this.state = requireNonNull(now, "state");
            return this;
        }

        public Builder line(LineAddress address) {
            this.line = Optional.of(address);
            return this;
        }

        public Builder tags(Set<String> labels) {
            this.tags = Set.copyOf(labels);
            return this;
        }

        /** @throws IllegalArgumentException naming the field that is wrong */
        public Meter build() {
            return new Meter(this);
        }

        private void check() {
            if (!id.matches("[A-Za-z0-9._:-]{1,64}")) {
                throw new IllegalArgumentException(
                        "id must be 1–64 characters of A-Z a-z 0-9 . _ : -, was '" + id + "'");
            }
            if (endpoint.isBlank() || endpoint.length() > 255) {
                throw new IllegalArgumentException("endpoint must be 1–255 characters, was '" + endpoint + "'");
            }
            text("serial", serial);
            text("vendor", vendor);
            text("model", model);
            text("zone", zone);
            if (tags.size() > 16 || tags.stream().anyMatch(tag -> !tag.matches("[^\\s,;]{1,64}"))) {
                throw new IllegalArgumentException(
                        "tags must be at most 16, each 1–64 characters without blank, comma and semicolon, were "
                                + tags);
            }
        }

        private static void text(String field, String value) {
            if (value.length() > 128) {
                throw new IllegalArgumentException(field + " must be at most 128 characters, was " + value.length());
            }
        }

        private boolean same(Builder other) {
            return id.equals(other.id)
                    && endpoint.equals(other.endpoint)
                    && serial.equals(other.serial)
                    && vendor.equals(other.vendor)
                    && model.equals(other.model)
                    && zone.equals(other.zone)
                    && place.equals(other.place)
                    && timeZone.equals(other.timeZone)
                    && state == other.state
                    && line.equals(other.line)
                    && tags.equals(other.tags);
        }
    }
}
