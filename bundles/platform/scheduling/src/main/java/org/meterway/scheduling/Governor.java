// SPDX-License-Identifier: EPL-2.0
package org.meterway.scheduling;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToIntFunction;
import java.util.random.RandomGenerator;
import org.meterway.api.channel.AdmissionControl;
import org.meterway.api.running.Storm;

/**
 * Spreads registrations when more come than can be worked off. A second has so many places; a meter that finds none is given a place
 * in a later second, and comes back at a random time in it. Urgent meters have a share of every second that is not given away
 * beforehand, and their places are looked for from now on; others' from the end of the queue. Thread-safe.
 */
final class Governor implements AdmissionControl {
    /** Share of a second's places kept for urgent meters. */
    private static final double URGENT_SHARE = 0.2;

    private static final int LONGEST_SECONDS = 3_600;
    private static final int MOST_PLACES = 500_000;
    /** So long after the last meter was put off the storm is over. */
    private static final int CALM_SECONDS = 10;

    private final int perSecond;
    private final ToIntFunction<String> priority;
    private final Clock clock;
    private final RandomGenerator random;
    /** Places taken in each second, in a ring; urgent and others'. */
    private final int[] taken = new int[LONGEST_SECONDS];

    private final long[] second = new long[LONGEST_SECONDS];
    private final Map<String, Long> places = new HashMap<>();
    private long tail;
    private long admitted;
    private long putOff;
    private long since;
    private long lastPutOff;

    /**
     * @param perSecond places in a second
     * @param priority how urgent an endpoint's work is, 0–9
     */
    Governor(int perSecond, ToIntFunction<String> priority, Clock clock, RandomGenerator random) {
        this.perSecond = perSecond;
        this.priority = priority;
        this.clock = clock;
        this.random = random;
    }

    @Override
    public Optional<Duration> admit(String endpoint) {
        long millis = clock.millis();
        long now = millis / 1000;
        // Only asked for when it is crowded: most of the time nobody looks at the plans here.
        synchronized (this) {
            calm(now);
            Long place = places.get(endpoint);
            if (place != null && place <= now) {
                // It has come in its turn, or later: its place was counted when it was given away.
                places.remove(endpoint);
                admitted++;
                return Optional.empty();
            }
            if (place == null && count(now) < general()) {
                take(now);
                admitted++;
                return Optional.empty();
            }
        }
        boolean urgent = priority.applyAsInt(endpoint) >= 7;
        synchronized (this) {
            if (urgent && count(now) < perSecond) {
                take(now);
                places.remove(endpoint);
                admitted++;
                return Optional.empty();
            }
            return Optional.of(putOff(endpoint, urgent, now, millis));
        }
    }

    private Duration putOff(String endpoint, boolean urgent, long now, long millis) {
        if (since == 0) {
            since = millis;
            admitted = 0;
            putOff = 0;
        }
        lastPutOff = now;
        putOff++;
        Long known = places.get(endpoint);
        long place;
        if (known != null) {
            place = known;
        } else {
            place = Math.max(now + 1, urgent ? now + 1 : tail);
            int limit = urgent ? perSecond : general();
            while (place < now + LONGEST_SECONDS - 1 && count(place) >= limit) {
                place++;
            }
            take(place);
            if (!urgent) {
                tail = place;
            }
            if (places.size() < MOST_PLACES) {
                places.put(endpoint, place);
            }
        }
        // At a random time in its second: those of one second do not come together.
        long wait = place * 1000 + 200 + random.nextInt(800) - millis;
        return Duration.ofMillis(Math.max(1000, wait));
    }

    /** Forgets a storm that is over, and places nobody came for. */
    private void calm(long now) {
        if (since != 0 && now - lastPutOff > CALM_SECONDS && now > tail + CALM_SECONDS) {
            since = 0;
            tail = 0;
            places.clear();
        }
    }

    private int general() {
        return (int) Math.max(1, perSecond * (1 - URGENT_SHARE));
    }

    private int count(long at) {
        int slot = (int) (at % LONGEST_SECONDS);
        return second[slot] == at ? taken[slot] : 0;
    }

    private void take(long at) {
        int slot = (int) (at % LONGEST_SECONDS);
        taken[slot] = count(at) + 1;
        second[slot] = at;
    }

    synchronized Storm storm() {
        long now = clock.millis() / 1000;
        calm(now);
        boolean active = since != 0;
        return new Storm(
                active,
                active ? Optional.of(Instant.ofEpochMilli(since)) : Optional.empty(),
                perSecond,
                admitted,
                putOff,
                places.size(),
                active ? Optional.of(Instant.ofEpochSecond(Math.max(tail, now) + 1)) : Optional.empty());
    }
}
