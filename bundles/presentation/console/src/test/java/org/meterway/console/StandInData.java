// SPDX-License-Identifier: EPL-2.0
package org.meterway.console;

import jakarta.servlet.http.HttpServletRequest;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Made-up meters whose registers count in a daily rhythm; every value follows from its time. */
final class StandInData {
    static final int INTERVAL_SECONDS = 1800;
    private static final List<String> VENDORS = List.of("Acme Metering", "Nordlicht", "Kontor & Söhne");
    private static final List<String> CONNECTIONS =
            List.of("registered", "registered", "registered", "asleep", "unregistered");

    private final Clock clock;
    private final Instant started;
    private final List<Map<String, Object>> meters;

    StandInData(Clock clock, int count) {
        this.clock = clock;
        started = clock.instant().minus(Duration.ofMinutes(197));
        meters = IntStream.rangeClosed(1, count).mapToObj(this::make).toList();
    }

    private Map<String, Object> make(int n) {
        String connection = CONNECTIONS.get(n % 5);
        Map<String, Object> connected = new LinkedHashMap<>();
        connected.put("state", connection);
        connected.put("channel", "lwm2m");
        connected.put("address", "127.0.0.1:" + (40000 + n % 20000));
        connected.put("lastSeen", clock.instant().minusSeconds(n % 977).toString());
        Map<String, Object> meter = new LinkedHashMap<>();
        meter.put("id", "meter-%04d".formatted(n));
        meter.put("endpoint", "urn:dev:meter-%04d".formatted(n));
        meter.put("serial", "SN%07d".formatted((n * 7919L) % 10_000_000));
        meter.put("vendor", VENDORS.get(n % 3));
        meter.put("model", n % 2 == 0 ? "single-phase" : "three-phase");
        meter.put("zone", "feeder-" + (n % 7 + 1));
        meter.put("place", n % 4 == 0 ? null : Map.of("latitude", 51.5, "longitude", -0.1));
        meter.put("timeZone", "Europe/London");
        meter.put("state", n % 50 == 0 ? "planned" : "active");
        meter.put("connection", connected);
        meter.put("credentials", List.of("psk"));
        return meter;
    }

    Map<String, Object> meter(String id) {
        return meters.stream()
                .filter(meter -> meter.get("id").equals(id))
                .findFirst()
                .orElse(null);
    }

    Map<String, Object> list(HttpServletRequest request) {
        String sort = request.getParameter("sort") == null ? "id" : request.getParameter("sort");
        String key = sort.replaceFirst("^-", "");
        Comparator<Map<String, Object>> order = Comparator.comparing(meter -> key.equals("lastSeen")
                ? String.valueOf(((Map<?, ?>) meter.get("connection")).get("lastSeen"))
                : String.valueOf(meter.get(key)));
        Stream<Map<String, Object>> found = meters.stream()
                .filter(meter -> has(meter, request.getParameter("search"), "id", "serial", "vendor", "model"))
                .filter(meter -> is(meter, "zone", request) && is(meter, "state", request));
        List<Map<String, Object>> all =
                found.sorted(sort.startsWith("-") ? order.reversed() : order).toList();
        int from = request.getParameter("cursor") == null ? 0 : Integer.parseInt(request.getParameter("cursor"));
        int to = Math.min(all.size(), from + Integer.parseInt(request.getParameter("limit")));
        Map<String, Object> page = StandInRest.page(all.subList(from, to));
        page.put("next", to < all.size() ? String.valueOf(to) : null);
        page.put("total", all.size());
        return page;
    }

    private static boolean has(Map<String, Object> meter, String text, String... fields) {
        return text == null
                || Stream.of(fields)
                        .anyMatch(field ->
                                String.valueOf(meter.get(field)).toLowerCase().contains(text.toLowerCase()));
    }

    private static boolean is(Map<String, Object> meter, String field, HttpServletRequest request) {
        return request.getParameter(field) == null
                || request.getParameter(field).equals(meter.get(field));
    }

    List<Object> zones() {
        return List.of(Map.of("zone", "feeder-1", "meters", 35), Map.of("zone", "feeder-2", "meters", 36));
    }

    static Map<String, Object> integrity() {
        return Map.of(
                "expected",
                96,
                "present",
                91,
                "integrity",
                91 / 96.0,
                "meters",
                List.of(
                        Map.of("meter", "meter-0003", "expected", 48, "present", 43, "integrity", 43 / 48.0),
                        Map.of("meter", "meter-0001", "expected", 48, "present", 48, "integrity", 1.0)));
    }

    List<Object> registers(String meter) {
        Instant now = Instant.ofEpochSecond(clock.instant().getEpochSecond() / INTERVAL_SECONDS * INTERVAL_SECONDS);
        return List.of(
                register(
                        "1-0:1.8.0",
                        "Active energy import",
                        "Wh",
                        energy(now).toPlainString(),
                        now,
                        List.of("measured")),
                register("1-0:2.8.0", "Active energy export", "Wh", "0", now, List.of("measured")),
                register("1-0:16.7.0", "Active power", "W", power(now), now, List.of("measured")),
                register("1-0:32.7.0", "Voltage L1", "V", "229.7", now, List.of("measured", "late")));
    }

    private static Map<String, Object> register(
            String quantity, String name, String unit, String value, Instant time, List<String> quality) {
        return Map.of(
                "quantity",
                quantity,
                "name",
                name,
                "unit",
                unit,
                "value",
                value,
                "time",
                time.toString(),
                "quality",
                quality);
    }

    /** Half-hourly; at 03:00, 03:30 and 04:00 UTC nothing came. */
    Map<String, Object> readings(HttpServletRequest request) {
        Instant from = StandInRest.time(request, "from");
        Instant to = StandInRest.time(request, "to");
        String quantity = request.getParameter("quantity");
        long first = -Math.floorDiv(-from.getEpochSecond(), INTERVAL_SECONDS) * (long) INTERVAL_SECONDS;
        List<Object> items = new ArrayList<>();
        for (Instant t = Instant.ofEpochSecond(first);
                t.isBefore(to) && !t.isAfter(clock.instant());
                t = t.plusSeconds(INTERVAL_SECONDS)) {
            int minute = t.atOffset(ZoneOffset.UTC).getHour() * 60
                    + t.atOffset(ZoneOffset.UTC).getMinute();
            if (minute >= 180 && minute <= 240) continue;
            String value =
                    switch (quantity) {
                        case "1-0:1.8.0" -> energy(t).toPlainString();
                        case "1-0:16.7.0" -> power(t);
                        case "1-0:32.7.0" -> "229." + minute % 10;
                        default -> "0";
                    };
            items.add(Map.of(
                    "meter",
                    request.getParameter("meter"),
                    "quantity",
                    quantity,
                    "unit",
                    "Wh",
                    "start",
                    t.toString(),
                    "intervalSeconds",
                    INTERVAL_SECONDS,
                    "value",
                    value,
                    "quality",
                    List.of("measured"),
                    "message",
                    17));
        }
        int at = request.getParameter("cursor") == null ? 0 : Integer.parseInt(request.getParameter("cursor"));
        int end = Math.min(items.size(), at + Integer.parseInt(request.getParameter("limit")));
        Map<String, Object> page = StandInRest.page(items.subList(at, end));
        page.put("next", end < items.size() ? String.valueOf(end) : null);
        return page;
    }

    /** Counts 12 345.678 Wh plus 200.1 W on average with a morning and an evening peak. */
    static BigDecimal energy(Instant t) {
        double hours = t.getEpochSecond() / 3600.0;
        double rhythm = 320 * Math.sin(hours * Math.PI / 12 - 2.2) + 130 * Math.sin(hours * Math.PI / 6 - 1);
        return BigDecimal.valueOf(Math.round((hours - 480_000) * 200_100 + rhythm * 1000) + 12_345_678L, 3);
    }

    private static String power(Instant t) {
        return energy(t.plusSeconds(INTERVAL_SECONDS))
                .subtract(energy(t))
                .multiply(BigDecimal.valueOf(2))
                .toPlainString();
    }

    Map<String, Object> health(long seconds, boolean components) {
        long readings = 123_400 + seconds * 41;
        Map<String, Object> health = new LinkedHashMap<>();
        health.put("status", "degraded");
        health.put("version", "0.1.0");
        health.put("startedAt", started.toString());
        health.put("uptimeSeconds", Duration.between(started, clock.instant()).toSeconds());
        health.put(
                "meters",
                Map.of("total", meters.size(), "registered", meters.size() * 3 / 5, "asleep", meters.size() / 5));
        health.put(
                "readings",
                Map.of(
                        "accepted",
                        readings,
                        "durable",
                        readings - seconds % 3,
                        "rejected",
                        2,
                        "duplicates",
                        17,
                        "perSecond",
                        41 + 9 * Math.sin(seconds / 5.0) + seconds % 4));
        health.put("messages", Map.of("accepted", readings / 48, "rejected", 1, "unsettled", 12, "busy", 0));
        if (components) {
            health.put(
                    "components",
                    List.of(
                            component("store", "up", "Derby, 41 MB, last commit took 4 ms"),
                            component("intake", "up", "41.2 readings/s, queue 0 of 8,192"),
                            component("lwm2m", "up", "30 registered, DTLS on 127.0.0.1:5684"),
                            component("codec-senml", "up", "2 formats"),
                            component(
                                    "ledger",
                                    "degraded",
                                    "3 intervals of meter-0003 are missing; reading them back at 16:30"),
                            component("http", "up", "127.0.0.1:8080")));
        }
        return health;
    }

    private static Map<String, Object> component(String name, String status, String text) {
        return Map.of("name", name, "status", status, "text", text, "values", Map.of());
    }

    static Map<String, Object> objects() {
        return Map.of(
                "objects",
                List.of(
                        object(
                                1,
                                "LwM2M Server",
                                resource(1, "Lifetime", "RW", "Integer"),
                                resource(8, "Registration Update Trigger", "E", "")),
                        object(
                                3,
                                "Device",
                                resource(0, "Manufacturer", "R", "String"),
                                resource(4, "Reboot", "E", ""),
                                resource(9, "Battery Level", "R", "Integer"),
                                resource(13, "Current Time", "RW", "Time"),
                                resource(17, "Device Type", "R", "String")),
                        object(
                                10243,
                                "Single-Phase Power Meter",
                                resource(4, "Tension (R)", "R", "Float"),
                                resource(14, "Active Energy Import", "R", "Float"))));
    }

    @SafeVarargs
    private static Map<String, Object> object(int id, String name, Map<String, Object>... resources) {
        return Map.of(
                "id",
                id,
                "name",
                name,
                "version",
                "1.1",
                "instances",
                List.of(Map.of("id", 0, "resources", List.of(resources))));
    }

    private static Map<String, Object> resource(int id, String name, String operations, String type) {
        return Map.of("id", id, "name", name, "operations", operations, "type", type, "units", "", "multiple", false);
    }

    /** What the made-up device answers; null when it has no such resource or does not answer. */
    Object read(String path) {
        return switch (path) {
            case "/3/0" ->
                Map.of(
                        "/3/0/0",
                        "Meterway",
                        "/3/0/9",
                        87,
                        "/3/0/13",
                        clock.instant().toString());
            case "/3/0/0" -> Map.of(path, "Meterway");
            case "/10243/0/4" -> Map.of(path, 229.7);
            default -> null;
        };
    }
}
