// SPDX-License-Identifier: EPL-2.0
package org.meterway.fleet;

import static java.util.Objects.requireNonNull;

import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.meterway.fleet.relay.Faults;

/** What to simulate. Immutable; made by {@link #builder}. */
public final class FleetConfig {
    private final Builder fields;

    private FleetConfig(Builder fields) {
        this.fields = fields;
    }

    /** Starts a configuration: 20 meters, 30 days in 900 seconds, seed 1, no faults. */
    public static Builder builder(InetSocketAddress gateway) {
        return new Builder(gateway);
    }

    /** Where the gateway listens. */
    public InetSocketAddress gateway() {
        return fields.gateway;
    }

    /** The key that makes the meters' keys; without one they talk plain CoAP. */
    public Optional<EnrolmentKey> enrolmentKey() {
        return fields.enrolmentKey;
    }

    /** The same with another way to the gateway. */
    FleetConfig through(InetSocketAddress address) {
        return new FleetConfig(new Builder(fields, address));
    }

    public int meters() {
        return fields.meters;
    }

    /** How many days back the replay starts. */
    public int days() {
        return fields.days;
    }

    /** How long the replay takes. */
    public Duration over() {
        return fields.over;
    }

    public long seed() {
        return fields.seed;
    }

    /** What the network between meters and gateway does. */
    public Faults faults() {
        return fields.faults;
    }

    /** How often each meter restarts by itself. */
    public double restartsPerHour() {
        return fields.restartsPerHour;
    }

    /** Registration lifetime. */
    public Duration lifetime() {
        return fields.lifetime;
    }

    /** First retransmission time-out of CoAP and DTLS; it doubles. */
    public Duration acknowledgeTimeout() {
        return fields.acknowledgeTimeout;
    }

    /** First wait after a Send that failed; it doubles up to {@link #longestBackOff()}. */
    public Duration firstBackOff() {
        return fields.firstBackOff;
    }

    public Duration longestBackOff() {
        return fields.longestBackOff;
    }

    /** How long a meter collects intervals before it sends them, while catching up, in real time. */
    public Duration collectFor() {
        return fields.collectFor;
    }

    /** How often the power changes, in real time. */
    public Duration powerEvery() {
        return fields.powerEvery;
    }

    /** Real time. */
    public Clock clock() {
        return fields.clock;
    }

    /** Collects the fields of a {@link FleetConfig}. Not thread-safe. */
    public static final class Builder {
        private final InetSocketAddress gateway;
        private Optional<EnrolmentKey> enrolmentKey = Optional.empty();
        private int meters = 20;
        private int days = 30;
        private Duration over = Duration.ofSeconds(900);
        private long seed = 1;
        private Faults faults = Faults.NONE;
        private double restartsPerHour;
        private Duration lifetime = Duration.ofMinutes(10);
        private Duration acknowledgeTimeout = Duration.ofSeconds(2);
        private Duration firstBackOff = Duration.ofSeconds(1);
        private Duration longestBackOff = Duration.ofMinutes(1);
        private Duration collectFor = Duration.ofSeconds(5);
        private Duration powerEvery = Duration.ofSeconds(5);
        private Clock clock = Clock.systemUTC();

        private Builder(InetSocketAddress gateway) {
            this.gateway = requireNonNull(gateway, "gateway");
        }

        private Builder(Builder other, InetSocketAddress address) {
            gateway = address;
            enrolmentKey = other.enrolmentKey;
            meters = other.meters;
            days = other.days;
            over = other.over;
            seed = other.seed;
            faults = other.faults;
            restartsPerHour = other.restartsPerHour;
            lifetime = other.lifetime;
            acknowledgeTimeout = other.acknowledgeTimeout;
            firstBackOff = other.firstBackOff;
            longestBackOff = other.longestBackOff;
            collectFor = other.collectFor;
            powerEvery = other.powerEvery;
            clock = other.clock;
        }

        /** Talk DTLS, with keys made by this one. */
        public Builder enrolmentKey(EnrolmentKey key) {
            this.enrolmentKey = Optional.of(key);
            return this;
        }

        /** @param count 1 to 10,000 */
        public Builder meters(int count) {
            this.meters = count;
            return this;
        }

        /** @param back 0 to 1,830 */
        public Builder days(int back) {
            this.days = back;
            return this;
        }

        /** @param duration zero or longer */
        public Builder over(Duration duration) {
            this.over = requireNonNull(duration, "over");
            return this;
        }

        public Builder seed(long number) {
            this.seed = number;
            return this;
        }

        public Builder faults(Faults between) {
            this.faults = requireNonNull(between, "faults");
            return this;
        }

        /** @param perHour 0 to 3,600 */
        public Builder restartsPerHour(double perHour) {
            this.restartsPerHour = perHour;
            return this;
        }

        public Builder lifetime(Duration duration) {
            this.lifetime = requireNonNull(duration, "lifetime");
            return this;
        }

        public Builder acknowledgeTimeout(Duration duration) {
            this.acknowledgeTimeout = requireNonNull(duration, "acknowledgeTimeout");
            return this;
        }

        public Builder backOff(Duration first, Duration longest) {
            this.firstBackOff = requireNonNull(first, "first");
            this.longestBackOff = requireNonNull(longest, "longest");
            return this;
        }

        public Builder collectFor(Duration duration) {
            this.collectFor = requireNonNull(duration, "collectFor");
            return this;
        }

        public Builder powerEvery(Duration duration) {
            this.powerEvery = requireNonNull(duration, "powerEvery");
            return this;
        }

        public Builder clock(Clock wall) {
            this.clock = requireNonNull(wall, "clock");
            return this;
        }

        /** @throws IllegalArgumentException naming the field that is wrong */
        public FleetConfig build() {
            range("meters", meters, 1, 10_000);
            range("days", days, 0, 1_830);
            range("seconds", over.toSeconds(), 0, 31_622_400);
            range("restart.per.hour", restartsPerHour, 0, 3_600);
            range("lifetime seconds", lifetime.toSeconds(), 10, 86_400);
            range("acknowledge time-out milliseconds", acknowledgeTimeout.toMillis(), 10, 60_000);
            range("first back-off milliseconds", firstBackOff.toMillis(), 1, longestBackOff.toMillis());
            range("power period milliseconds", powerEvery.toMillis(), 100, 3_600_000);
            if (gateway.isUnresolved()) {
                throw new IllegalArgumentException("host is unknown: " + gateway.getHostString());
            }
            return new FleetConfig(new Builder(this, gateway));
        }

        private static void range(String field, double value, double least, double most) {
            if (!(value >= least && value <= most)) {
                throw new IllegalArgumentException(field + " must be " + least + " to " + most + ", was " + value);
            }
        }
    }
}
