// SPDX-License-Identifier: EPL-2.0
package org.meterway.scheduling;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.meterway.api.channel.Channel;
import org.meterway.api.channel.Command;
import org.meterway.api.channel.Command.Operation;
import org.meterway.api.channel.ManagedObject;
import org.meterway.api.meter.Meter;
import org.meterway.api.model.DeviceModel;
import org.meterway.api.model.DeviceModels;
import org.meterway.api.model.Register;
import org.meterway.api.model.RegisterNames;
import org.meterway.api.plan.Action;
import org.meterway.api.reading.Obis;

/** Turns what a plan wants into commands in the terms of the meter's channel: LwM2M paths, or OBIS codes on a line. */
final class Steps {
    private static final String CLOCK = "0-0:1.0.0";
    private static final String DISCONNECTOR = "0-0:96.3.10";
    /** OMA registry: Power Control and Actuation, whose On/Off is 5850. */
    private static final int[] SWITCHES = {3312, 3306};

    private final Meter meter;
    private final Channel channel;
    private final DeviceModel model;
    private final RegisterNames names;
    private final Duration timeout;
    private final List<ManagedObject> objects;

    Steps(Meter meter, Channel channel, DeviceModels models, Duration timeout) {
        this.meter = meter;
        this.channel = channel;
        this.model = models.modelOf(meter.id());
        this.names = models.namesOf(meter.id());
        this.timeout = timeout;
        this.objects = onLine() ? List.of() : channel.objects(meter.id());
    }

    private boolean onLine() {
        return meter.line().isPresent() && channel.name().equals(MeterWire.LINE);
    }

    /**
     * The commands to give one after the other.
     *
     * @throws IllegalArgumentException if the meter cannot do it
     */
    List<Command> of(Action action, Instant due, Instant now) {
        if (action instanceof Action.ReadRegisters read) {
            return read(names(read.registers()), Map.of());
        }
        if (action instanceof Action.ReadProfile profile) {
            Map<String, String> range = Map.of(
                    "from", profile.from(due).toString(), "to", profile.to(due).toString());
            return read(names(profile.registers()), range);
        }
        if (action instanceof Action.SetTime) {
            return List.of(write(onLine() ? CLOCK : "/3/0/13", now));
        }
        if (action instanceof Action.Switch change) {
            return List.of(
                    onLine()
                            ? execute(DISCONNECTOR, change.connect() ? "connect" : "disconnect")
                            : write(switchPath(), change.connect()));
        }
        if (action instanceof Action.Write write) {
            return List.of(write(write.path(), write.value()));
        }
        if (action instanceof Action.Execute execute) {
            return List.of(execute(execute.path(), execute.arguments()));
        }
        Action.Firmware firmware = (Action.Firmware) action;
        if (onLine()) {
            throw new IllegalArgumentException("firmware is updated over LwM2M only");
        }
        return List.of(
                firmware.packageUri().isEmpty() ? execute("/5/0/2", "") : write("/5/0/1", firmware.packageUri()));
    }

    private List<Command> read(List<String> names, Map<String, String> range) {
        if (names.isEmpty()) {
            throw new IllegalArgumentException(
                    "the meter has no register to read, by its device model " + model.name());
        }
        if (range.isEmpty() && names.size() > 1 && !onLine()) {
            return List.of(new Command(meter.id(), Operation.READ_COMPOSITE, names, Map.of(), Map.of(), "", timeout));
        }
        return singly(names, range);
    }

    /** The reads of a composite one by one, for meters that do not know the composite read. */
    List<Command> singly(List<String> names, Map<String, String> range) {
        return names.stream()
                .map(name -> new Command(meter.id(), Operation.READ, List.of(name), Map.of(), range, "", timeout))
                .toList();
    }

    private Command write(String path, Object value) {
        return new Command(meter.id(), Operation.WRITE, List.of(path), Map.of(path, value), Map.of(), "", timeout);
    }

    private Command execute(String path, String arguments) {
        return new Command(meter.id(), Operation.EXECUTE, List.of(path), Map.of(), Map.of(), arguments, timeout);
    }

    private String switchPath() {
        for (int id : SWITCHES) {
            Optional<ManagedObject> found =
                    objects.stream().filter(object -> object.id() == id).findFirst();
            if (found.isPresent()) {
                int instance = found.get().instances().stream().findFirst().orElse(0);
                return "/" + id + "/" + instance + "/5850";
            }
        }
        throw new IllegalArgumentException("the meter has no switch: neither object 3312 nor 3306");
    }

    /** What to read: as told, or by the device model. */
    private List<String> names(List<String> registers) {
        List<String> found = new ArrayList<>();
        if (registers.isEmpty()) {
            List<Register> wanted = model.billing().isEmpty() ? model.registers() : model.billing();
            for (Register register : wanted) {
                Obis obis = register.quantity().obis();
                Optional<String> name = onLine()
                        ? Optional.of(obis.toString())
                        : declared(register).or(() -> offered(obis));
                name.filter(each -> !found.contains(each)).ifPresent(found::add);
            }
            return found;
        }
        for (String register : registers) {
            found.add(register.startsWith("/") ? path(register) : code(register));
        }
        return found;
    }

    private String path(String path) {
        if (onLine()) {
            throw new IllegalArgumentException(path + " is an LwM2M path and the meter is on a line: give OBIS codes");
        }
        return instance(path)
                .orElseThrow(() -> new IllegalArgumentException("the meter has no object for the path " + path));
    }

    private String code(String register) {
        if (onLine()) {
            return register;
        }
        Obis obis = Obis.parse(register);
        return model.registers().stream()
                .filter(each -> each.quantity().obis().equals(obis))
                .map(this::declared)
                .flatMap(Optional::stream)
                .findFirst()
                .or(() -> offered(obis))
                .orElseThrow(() -> new IllegalArgumentException(
                        "the meter has no register " + register + ", by its device model " + model.name()));
    }

    /** Where the device model says that a register is. */
    private Optional<String> declared(Register register) {
        return register.path().isEmpty() ? Optional.empty() : instance(register.path());
    }

    /** Where one of the objects the meter offers has a quantity, by their definitions. */
    private Optional<String> offered(Obis obis) {
        for (ManagedObject object : objects) {
            for (int instance : object.instances()) {
                for (ManagedObject.ManagedResource resource : object.resources()) {
                    String path = "/" + object.id() + "/" + instance + "/" + resource.id();
                    boolean same = names.resolve(path)
                            .filter(register -> register.quantity().obis().equals(obis))
                            .isPresent();
                    if (same) {
                        return Optional.of(path);
                    }
                }
            }
        }
        return Optional.empty();
    }

    /** A path with the meter's own instance for {@code *}; empty if the meter says that it has no such object. */
    private Optional<String> instance(String path) {
        if (objects.isEmpty()) {
            return Optional.of(path.replace("*", "0"));
        }
        int id = Integer.parseInt(path.split("/")[1]);
        return objects.stream()
                .filter(each -> each.id() == id && !each.instances().isEmpty())
                .findFirst()
                .map(object ->
                        path.replaceFirst("\\*", object.instances().get(0).toString()));
    }
}
