// SPDX-License-Identifier: EPL-2.0
package org.meterway.api.model;

import java.util.Collection;
import java.util.Optional;
import org.meterway.api.reading.Obis;
import org.osgi.annotation.versioning.ProviderType;

/** The device models known. Thread-safe, in memory. */
@ProviderType
public interface DeviceModels {
    /** The model of this name. */
    Optional<DeviceModel> find(String name);

    /** The model of a meter: the one its inventory entry names, or the generic one. Unknown meters have the generic one. */
    DeviceModel modelOf(String meter);

    /** All models. */
    Collection<DeviceModel> models();

    /** The names a meter of this id may use in its frames, see {@link RegisterNames}. */
    RegisterNames namesOf(String meter);

    /** What people call a quantity, for example {@code Active energy import}; the code itself if it has no name here. */
    String title(Obis obis);
}
