// SPDX-License-Identifier: EPL-2.0
package org.meterway.api.store;

import java.util.Collection;
import java.util.List;

/**
 * What {@link ReadingStore#settle} writes in one transaction.
 *
 * @param through all messages up to this number are settled; a number below the highest so far changes nothing
 * @param profiles rows to insert or replace
 * @param parked frames to park; one of a number that is there replaces it
 * @param unparked numbers of parked frames to forget
 * @param invocations last invocation counters to insert or replace
 * @param decoded messages that were decoded late or again
 * @param revisions values superseded
 */
public record Settlement(
        long through,
        Collection<ProfileRow> profiles,
        List<ParkedFrame> parked,
        Collection<Long> unparked,
        List<LastInvocation> invocations,
        List<Decoding> decoded,
        List<Revision> revisions) {
    public Settlement {
        profiles = List.copyOf(profiles);
        parked = List.copyOf(parked);
        unparked = List.copyOf(unparked);
        invocations = List.copyOf(invocations);
        decoded = List.copyOf(decoded);
        revisions = List.copyOf(revisions);
    }

    /** Messages that are folded into profiles, and nothing beside. */
    public Settlement(long through, Collection<ProfileRow> profiles) {
        this(through, profiles, List.of(), List.of(), List.of(), List.of(), List.of());
    }
}
