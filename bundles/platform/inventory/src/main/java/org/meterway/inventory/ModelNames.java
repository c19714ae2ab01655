// SPDX-License-Identifier: EPL-2.0
package org.meterway.inventory;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.meterway.api.model.DeviceModel;
import org.meterway.api.model.Register;
import org.meterway.api.model.RegisterNames;
import org.meterway.api.reading.Obis;
import org.meterway.api.reading.Quantity;

/**
 * The names meters of one model may use. A path means what the model says; else what the catalogue says of its object, where
 * instance n of an object is channel n of the OBIS code (group B), so that two instances never share a series. A model that names
 * a path of an object speaks for the whole object.
 */
final class ModelNames implements RegisterNames {
    /** Names come from devices: what is remembered of them is bounded. */
    private static final int MAX_REMEMBERED = 4_096;

    private static final int MAX_CHANNEL = 64;

    private final QuantityCatalogue catalogue;
    private final Map<Obis, Register> byObis = new HashMap<>();
    private final Map<String, Register> byPath = new HashMap<>();
    private final Set<Integer> ownObjects = new HashSet<>();
    private final Map<String, Optional<Register>> remembered = new ConcurrentHashMap<>();

    ModelNames(DeviceModel model, QuantityCatalogue catalogue) {
        this.catalogue = catalogue;
        for (Register register : model.registers()) {
            byObis.putIfAbsent(register.quantity().obis(), register);
            if (!register.path().isEmpty()) {
                byPath.put(register.path(), register);
                ownObjects.add(Integer.parseInt(register.path().split("/")[1]));
            }
        }
    }

    @Override
    public Optional<Register> resolve(String name) {
        Optional<Register> known = remembered.get(name);
        if (known != null) {
            return known;
        }
        Optional<Register> found = name.startsWith("/") ? path(name) : obis(name);
        if (remembered.size() < MAX_REMEMBERED && name.length() <= 64) {
            remembered.put(name, found);
        }
        return found;
    }

    private Optional<Register> obis(String name) {
        return Obis.isObis(name) ? register(Obis.parse(name), "", BigDecimal.ONE) : Optional.empty();
    }

    private Optional<Register> path(String name) {
        String[] parts = name.split("/", -1);
        if (parts.length < 4 || parts.length > 5) {
            return Optional.empty();
        }
        int[] ids = new int[parts.length - 1];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = id(parts[i + 1]);
            if (ids[i] < 0) {
                return Optional.empty();
            }
        }
        if (ids.length == 4 && ids[3] != 0) {
            return Optional.empty(); // several values under one resource are several quantities: a model must name them
        }
        String any = "/" + ids[0] + "/*/" + ids[2];
        Register own = byPath.get("/" + ids[0] + "/" + ids[1] + "/" + ids[2]);
        if (own == null) {
            own = byPath.get(any);
        }
        if (own != null) {
            boolean everyInstance = own.path().equals(any);
            return everyInstance && ids[1] > MAX_CHANNEL
                    ? Optional.empty()
                    : Optional.of(everyInstance ? onChannel(own, ids[1]) : own);
        }
        if (ownObjects.contains(ids[0]) || ids[1] > MAX_CHANNEL) {
            return Optional.empty();
        }
        return catalogue
                .mapping(ids[0], ids[2])
                .flatMap(mapping -> register(
                        channel(mapping.obis(), ids[1]),
                        ids[1] == 0 ? any : "/" + ids[0] + "/" + ids[1] + "/" + ids[2],
                        mapping.factor()));
    }

    /** The model's register of a code, or a momentary one if the catalogue knows the code. */
    private Optional<Register> register(Obis obis, String path, BigDecimal factor) {
        Register own = byObis.get(obis);
        if (own != null) {
            return Optional.of(new Register(path, own.title(), own.quantity(), factor, own.interval(), own.billing()));
        }
        return catalogue
                .unit(obis)
                .map(unit -> new Register(
                        path,
                        catalogue.title(obis),
                        new Quantity(obis, unit, Quantity.DEFAULT_SCALE),
                        factor,
                        Duration.ZERO,
                        false));
    }

    private static Register onChannel(Register register, int instance) {
        if (instance == 0) {
            return register;
        }
        Quantity quantity = register.quantity();
        return new Register(
                register.path().replace("*", Integer.toString(instance)),
                register.title() + ", channel " + instance,
                new Quantity(channel(quantity.obis(), instance), quantity.unit(), quantity.scale()),
                register.factor(),
                register.interval(),
                false);
    }

    private static Obis channel(Obis obis, int instance) {
        return new Obis(obis.a(), instance == 0 ? obis.b() : instance, obis.c(), obis.d(), obis.e(), obis.f());
    }

    private static int id(String digits) {
        if (digits.isEmpty() || digits.length() > 5) {
            return -1;
        }
        for (int i = 0; i < digits.length(); i++) {
            if (digits.charAt(i) < '0' || digits.charAt(i) > '9') {
                return -1;
            }
        }
        return Integer.parseInt(digits);
    }
}
