// SPDX-License-Identifier: EPL-2.0
package org.meterway.api.meter;

import java.io.Reader;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Which meters there are. The one owner of that knowledge; thread-safe; look-ups are in memory. Changes are durable when the
 * method returns and throw {@link org.meterway.api.store.StoreException} when the store fails, with nothing changed.
 */
@ProviderType
public interface Inventory {
    /** The meter of this id. */
    Optional<Meter> find(String id);

    /** The meter that registers under this LwM2M endpoint name. */
    Optional<Meter> findByEndpoint(String endpoint);

    /** All meters, in no particular order; a consistent snapshot per meter, not over all. */
    Stream<Meter> meters();

    /** How many meters there are. */
    int size();

    /**
     * Creates or replaces a meter; its credentials and keys stay.
     *
     * @throws IllegalArgumentException if another meter has the endpoint name
     */
    void put(Meter meter);

    /**
     * Creates or replaces a meter together with its credentials; its keys stay.
     *
     * @throws IllegalArgumentException if another meter has the endpoint name or the PSK identity
     */
    void put(Meter meter, List<Credential> credentials);

    /** Removes a meter, its credentials and its keys; its readings stay. Returns whether it was there. */
    boolean remove(String id);

    /** The credentials of a meter; empty for an unknown meter. */
    List<Credential> credentials(String id);

    /**
     * A secret of a meter's application protocol, for example {@code encryption_key} or {@code password}; not what it proves its
     * identity with over DTLS, that is a {@link Credential}.
     *
     * @param name compared without regard to case, {@code _} and {@code -}
     */
    Optional<byte[]> key(String id, String name);

    /** The names of the application keys a meter has, in alphabetical order; empty for an unknown meter. */
    Set<String> keyNames(String id);

    /**
     * Replaces application keys of a meter; those not named stay. They are kept encrypted, and go with the meter.
     *
     * @param keys name (1–64 characters of {@code A-Z a-z 0-9 _ -}) to secret of at most 1,024 bytes, where no bytes remove the
     *     key; a meter has at most 32
     * @throws IllegalArgumentException if there is no such meter, or a name or secret is not as said
     */
    void putKeys(String id, Map<String, byte[]> keys);

    /**
     * The credential behind a PSK identity. While enrolment is open an identity that no meter has is answered by the key derived
     * from the enrolment key and bound to the endpoint of the same name, see {@link #enrol}.
     */
    Optional<PskBinding> findPsk(String identity);

    /** Whether endpoints that are not in the inventory may enrol themselves. */
    boolean enrolmentOpen();

    /**
     * Takes in an endpoint that registers for the first time, as an active meter with the endpoint's name as its id. An endpoint
     * that is known comes back as it is.
     *
     * @throws EnrolmentRefusedException if enrolment is closed, or the name cannot be a meter's id
     */
    Meter enrol(String endpoint) throws EnrolmentRefusedException;

    /**
     * Imports meters from CSV (RFC 4180, UTF-8, first line names the columns): {@code id} and optionally {@code endpoint, serial,
     * vendor, model, zone, tags (with blanks between them), latitude, longitude, timeZone, state, pskIdentity, pskKeyHex, rpkPublicKeyHex, x509CommonName, line,
     * protocol, lineAddress}, any number of {@code option:NAME} for the line address and of {@code key:NAME} for application keys
     * in hexadecimal. All lines are taken or, if the report has an error, none.
     */
    ImportReport importCsv(Reader csv);
}
