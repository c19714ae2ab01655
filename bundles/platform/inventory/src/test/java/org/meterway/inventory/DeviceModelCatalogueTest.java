// SPDX-License-Identifier: EPL-2.0
package org.meterway.inventory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.meterway.api.health.Health;
import org.meterway.api.meter.Meter;
import org.meterway.api.model.DeviceModel;
import org.meterway.api.model.Register;
import org.meterway.api.reading.Obis;

class DeviceModelCatalogueTest {
    @TempDir
    Path folder;

    private final Map<String, Meter> meters = new HashMap<>();

    private DeviceModelCatalogue open() {
        return new DeviceModelCatalogue(id -> Optional.ofNullable(meters.get(id)), folder);
    }

    private Register resolve(String model, String name) {
        meters.put("m1", Meter.builder("m1").model(model).build());
        return open().namesOf("m1").resolve(name).orElseThrow(() -> new AssertionError(name));
    }

    @ParameterizedTest
    @CsvSource({
        "london-30min,1-0:1.8.0,PT30M",
        "residential-60min,1-0:1.8.0,PT1H",
        "opsd-60min,1-0:1.8.0,PT1H",
        "opsd-60min,1-0:2.8.0,PT1H",
    })
    void theDemosModelsOweTheirBillingRegistersOnTheirGrid(String model, String obis, Duration interval) {
        DeviceModel found = open().find(model).orElseThrow();
        Register register = found.billing().stream()
                .filter(billing -> billing.quantity().obis().toString().equals(obis))
                .findFirst()
                .orElseThrow();
        assertEquals(interval, register.interval());
        assertEquals("Wh", register.quantity().unit().symbol());
    }

    @Test
    void theGenericModelOwesNothing() {
        assertEquals(List.of(), open().modelOf("unknown").billing());
        assertEquals("generic", open().modelOf("unknown").name());
        meters.put("m1", Meter.builder("m1").model("no such model").build());
        assertEquals("generic", open().modelOf("m1").name());
    }

    @ParameterizedTest
    @CsvSource({
        "/3305/0/5800,1-0:1.7.0,W,1",
        "/3305/0/5805,1-0:1.8.0,Wh,1",
        "/3331/0/5700,1-0:1.8.0,Wh,1",
        "/3421/0/26,1-0:2.8.0,Wh,1",
        "/3422/0/17,1-0:1.8.0,Wh,1",
        "/10243/0/14,1-0:1.8.0,Wh,1000",
        "/10243/0/6,1-0:1.7.0,W,1000",
        "/10242/0/41,1-0:1.8.0,Wh,1000",
        "/10242/0/42,1-0:3.8.0,varh,1000",
        "/10242/0/24,1-0:72.7.0,V,1",
        "/10242/0/49,1-0:14.7.0,Hz,1",
        "/10242/0/39,1-0:13.7.0,1,1",
        "/3423/0/1,7-0:3.0.0,m3,1",
        "/3424/0/1,8-0:1.0.0,m3,1",
        "/10257/0/17,6-0:9.0.0,m3/h,3600",
        "/3316/0/5700,1-0:32.7.0,V,1",
        "/3305/2/5805,1-2:1.8.0,Wh,1",
        "/3305/0/5805/0,1-0:1.8.0,Wh,1",
        "1-0:1.8.0,1-0:1.8.0,Wh,1",
        "1-0:1.8.2,1-0:1.8.2,Wh,1",
        "1-0:3.8.0*255,1-0:3.8.0,varh,1",
        "7-1:3.0.0,7-1:3.0.0,m3,1",
    })
    void aNameIsAQuantityWithItsExactFactor(String name, String obis, String unit, BigDecimal factor) {
        Register register = resolve("generic", name);
        assertEquals(obis, register.quantity().obis().toString());
        assertEquals(unit, register.quantity().unit().symbol());
        assertEquals(factor, register.factor());
        assertEquals(Duration.ZERO, register.interval());
    }

    @ParameterizedTest
    @CsvSource({
        "/3/0/9",
        "/3305/0/5518",
        "/3305/0",
        "/3305",
        "/",
        "3305/0/5805",
        "/3305/65/5805",
        "/3305/0/5805/1",
        "/3305/x/5805",
        "/3305/0/999999",
        "1-0:77.77.77",
        "power",
        "1-0:1.8.0.0.0.0"
    })
    void whatIsNoMeteringQuantityHasNoRegister(String name) {
        assertEquals(Optional.empty(), open().namesOf("m1").resolve(name));
    }

    @Test
    void aPathTakesIntervalAndBillingFromTheMetersModel() {
        Register register = resolve("london-30min", "/10243/0/14");
        assertEquals(Duration.ofMinutes(30), register.interval());
        assertTrue(register.billing());
        assertEquals(new BigDecimal("1000"), register.factor());
        Register named = resolve("london-30min", "1-0:1.8.0");
        assertEquals(register.quantity(), named.quantity());
        assertEquals(BigDecimal.ONE, named.factor());
        assertEquals(Duration.ZERO, resolve("london-30min", "/10243/1/14").interval());
    }

    @Test
    void phasesOfAThreePhaseMeterNeverShareASeriesWithItsTotal() {
        assertEquals(
                "1-0:1.8.0",
                resolve("three-phase", "/3422/0/17").quantity().obis().toString());
        assertEquals(
                "1-0:21.8.0",
                resolve("three-phase", "/3421/0/25").quantity().obis().toString());
        assertEquals(
                "1-0:61.8.0",
                resolve("three-phase", "/3421/2/25").quantity().obis().toString());
        // 27 is not in the model, and the catalogue would call it the total
        assertEquals(Optional.empty(), open().namesOf("m1").resolve("/3421/0/27"));
    }

    @Test
    void resolvingTwiceGivesTheSameObject() {
        DeviceModelCatalogue models = open();
        assertSame(
                models.namesOf("m1").resolve("/3305/0/5800").orElseThrow(),
                models.namesOf("m2").resolve("/3305/0/5800").orElseThrow());
    }

    @Test
    void everyMappingsUnitFollowsFromItsDeviceUnit() {
        Map<String, String> bases = Map.of(
                "kW",
                "W 1000",
                "kWh",
                "Wh 1000",
                "kvar",
                "var 1000",
                "kvarh",
                "varh 1000",
                "kVA",
                "VA 1000",
                "kVAh",
                "VAh 1000",
                "m3/s",
                "m3/h 3600",
                "/100",
                "% 1",
                "K",
                "Cel 1");
        QuantityCatalogue catalogue = new QuantityCatalogue();
        assertTrue(catalogue.mappings().size() > 100);
        catalogue.mappings().forEach((path, mapping) -> {
            String unit = catalogue.unit(mapping.obis()).orElseThrow().symbol();
            String expected = bases.getOrDefault(mapping.deviceUnit(), mapping.deviceUnit() + " 1");
            assertEquals(expected, unit + " " + mapping.factor(), path);
        });
    }

    @Test
    void titlesNameTariffAndChannel() {
        DeviceModelCatalogue models = open();
        assertEquals("Active energy import", models.title(Obis.parse("1-0:1.8.0")));
        assertEquals("Active energy import, tariff 2", models.title(Obis.parse("1-0:1.8.2")));
        assertEquals("Gas volume, channel 1", models.title(Obis.parse("7-1:3.0.0")));
        assertEquals("1-0:77.77.77", models.title(Obis.parse("1-0:77.77.77")));
    }

    @Test
    void aModelOfAFileIsThereWithItsOwnPathsAndUnits() throws IOException {
        Files.writeString(
                folder.resolve("acme.json"),
                "{\"name\":\"acme\",\"registers\":[{\"obis\":\"1-0:1.8.0\",\"path\":\"/10243/*/14\",\"intervalSeconds\":900,"
                        + "\"billing\":true,\"scale\":-3},{\"obis\":\"1-0:200.7.0\",\"unit\":\"W\",\"title\":\"Own\","
                        + "\"path\":\"/30000/0/1\",\"factor\":0.1}],\"observed\":[\"/30000/0/1\"],"
                        + "\"attributes\":{\"/30000/0/1\":\"pmin=10\"}}");
        Register energy = resolve("acme", "/10243/0/14");
        assertEquals(Duration.ofMinutes(15), energy.interval());
        assertEquals(new BigDecimal("1000"), energy.factor());
        assertEquals(-3, energy.quantity().scale());
        assertEquals(
                "1-1:1.8.0", resolve("acme", "/10243/1/14").quantity().obis().toString());
        assertEquals(new BigDecimal("0.1"), resolve("acme", "/30000/0/1").factor());
        assertEquals("pmin=10", open().modelOf("m1").attributes().get("/30000/0/1"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            value = {
                "{\"name\":\"x\",#line 1, column",
                "[]#the model must be a JSON object",
                "{\"registers\":[]}#name: must be a text, was missing",
                "{\"name\":\"x\"}#registers: must be a list, was missing",
                "{\"name\":\"x\",\"registers\":[{\"obis\":\"1.8\"}]}#registers[0].obis: not an OBIS code",
                "{\"name\":\"x\",\"registers\":[{\"obis\":\"1-0:200.7.0\"}]}#registers[0].unit: is needed",
                "{\"name\":\"x\",\"registers\":[{\"obis\":\"1-0:1.8.0\",\"unit\":\"kWh\"}]}#registers[0].unit: 'kWh' is no base unit",
                "{\"name\":\"x\",\"registers\":[{\"obis\":\"1-0:1.8.0\",\"billing\":true}]}#registers[0].intervalSeconds: a billing register needs",
                "{\"name\":\"x\",\"registers\":[{\"obis\":\"1-0:1.8.0\"},{\"obis\":\"1-0:1.8.0\"}]}#registers[1].obis: 1-0:1.8.0 is there twice",
                "{\"name\":\"x\",\"registers\":[{\"obis\":\"1-0:1.8.0\",\"intervall\":1}]}#registers[0].intervall: unknown field",
                "{\"name\":\"x\",\"registers\":[],\"observed\":[\"3305\"]}#observed[0]: must be an LwM2M path",
            })
    void aBadFileIsLeftOutNamingFileAndField(String json, String expected) throws IOException {
        Files.writeString(folder.resolve("bad.json"), json);
        Files.writeString(folder.resolve("good.json"), "{\"name\":\"good\",\"registers\":[]}");
        DeviceModelCatalogue models = open();
        assertTrue(models.find("good").isPresent());
        assertTrue(models.find("generic").isPresent());
        Health health = models.health();
        assertEquals(Health.Status.DEGRADED, health.status());
        assertTrue(health.text().contains("bad.json") && health.text().contains(expected), health.text());
    }

    @Test
    void everyBuiltInModelIsAlone() {
        List<String> names = new ArrayList<>();
        open().models().forEach(model -> names.add(model.name()));
        assertEquals(List.of("generic", "london-30min", "residential-60min", "opsd-60min", "three-phase"), names);
    }
}
