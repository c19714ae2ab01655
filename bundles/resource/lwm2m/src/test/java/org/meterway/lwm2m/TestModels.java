// SPDX-License-Identifier: EPL-2.0
package org.meterway.lwm2m;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.meterway.api.model.DeviceModel;
import org.meterway.api.model.DeviceModels;
import org.meterway.api.model.Register;
import org.meterway.api.model.RegisterNames;
import org.meterway.api.reading.Obis;
import org.meterway.api.reading.Quantity;
import org.meterway.api.reading.Unit;

/** One device model: a temperature at /3303/*&#47;5700 (Float) and a battery level at /3/0/9 (Integer), every 30 minutes. */
final class TestModels implements DeviceModels {
    static final Register TEMPERATURE = new Register(
            "/3303/*/5700",
            "Temperature",
            Quantity.of("1-0:96.9.0", Unit.DEGREE_CELSIUS),
            BigDecimal.ONE,
            Duration.ofMinutes(30),
            false);
    static final Register LEVEL = new Register(
            "/3/0/9", "Level", Quantity.of("1-0:1.8.0", Unit.WATT_HOUR), new BigDecimal(1000), Duration.ZERO, false);

    volatile List<String> observed = List.of();
    volatile Map<String, String> attributes = Map.of();

    static Optional<Register> resolve(String name) {
        if (name.matches("/3303/\\d+/5700")) {
            return Optional.of(TEMPERATURE);
        }
        return name.equals("/3/0/9") ? Optional.of(LEVEL) : Optional.empty();
    }

    @Override
    public Optional<DeviceModel> find(String name) {
        return name.equals("test") ? Optional.of(modelOf("any")) : Optional.empty();
    }

    @Override
    public DeviceModel modelOf(String meter) {
        return new DeviceModel("test", "Test", List.of(TEMPERATURE, LEVEL), observed, attributes);
    }

    @Override
    public Collection<DeviceModel> models() {
        return List.of(modelOf("any"));
    }

    @Override
    public RegisterNames namesOf(String meter) {
        return TestModels::resolve;
    }

    @Override
    public String title(Obis obis) {
        return obis.toString();
    }
}
