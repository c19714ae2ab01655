// SPDX-License-Identifier: EPL-2.0
package org.meterway.dlms;

import java.util.Optional;

/** Carries APDUs to a meter and back, without input or output. */
interface Link {
    /** What opens the connection; empty if none is needed. */
    Optional<byte[]> connect();

    /** What to send for an APDU, or for its first segment. */
    byte[] ask(byte[] apdu);

    /**
     * What was received since the last time something was sent.
     *
     * @param received all of it, with noise
     */
    Heard hear(byte[] received);

    /** What to send when nothing came: the last question again. */
    byte[] repeat();

    /** What closes the connection; empty if nothing does. */
    Optional<byte[]> disconnect();

    /** What was heard. */
    sealed interface Heard permits Nothing, Say, Whole, Connected, Refused {}

    /** Nothing complete yet. */
    record Nothing() implements Heard {}

    /** The link itself must say something first: ask for the next segment, send the next of ours. */
    record Say(byte[] bytes) implements Heard {}

    /**
     * An APDU is complete.
     *
     * @param apdu without headers
     * @param raw the frames that carried it, as they came
     */
    record Whole(byte[] apdu, byte[] raw) implements Heard {}

    /** The connection is open, or closed after {@link Link#disconnect}. */
    record Connected() implements Heard {}

    /** The meter does not want to. */
    record Refused(String reason) implements Heard {}
}
