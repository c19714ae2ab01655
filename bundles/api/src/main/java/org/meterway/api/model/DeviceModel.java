// SPDX-License-Identifier: EPL-2.0
package org.meterway.api.model;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Map;

/**
 * What a type of meter offers, as data.
 *
 * @param name unique, for example {@code london-30min}
 * @param title for people
 * @param registers the quantities, in the order people want to see them
 * @param observed paths observed at every registration, LwM2M paths such as {@code /10243/0/14}; only those the meter has are
 * @param attributes notification attributes by path, in the form of Write-Attributes (LwM2M Core 1.1, 5.1.2), for example {@code
 *     pmin=10&pmax=60}
 */
public record DeviceModel(
        String name, String title, List<Register> registers, List<String> observed, Map<String, String> attributes) {
    public DeviceModel {
        requireNonNull(name, "name");
        requireNonNull(title, "title");
        registers = List.copyOf(registers);
        observed = List.copyOf(observed);
        attributes = Map.copyOf(attributes);
    }

    /** The registers whose every interval is owed and counted by integrity. */
    public List<Register> billing() {
        return registers.stream().filter(Register::billing).toList();
    }
}
