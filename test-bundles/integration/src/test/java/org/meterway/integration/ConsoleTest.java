// SPDX-License-Identifier: EPL-2.0
package org.meterway.integration;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.FilePayload;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.meterway.launcher.House;
import org.osgi.framework.Bundle;

/** The console in a real browser before the real gateway, whose simulated meters are real LwM2M clients. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class ConsoleTest {
    private static final int METERS = 6;
    private static final String METER = "meter-00001";
    private static final long PATIENCE_MILLIS = 30_000;

    @TempDir
    static Path data;

    private static House house;
    private static Playwright playwright;
    private static Browser browser;
    /** What the browser's console said; anything fails the test. */
    private final List<String> complaints = new ArrayList<>();

    private BrowserContext context;
    private Page page;

    @BeforeAll
    static void start() throws Exception {
        Optional<Path> chromium = Stream.of("chromium", "chromium-browser", "google-chrome")
                .flatMap(name -> Stream.of(System.getenv("PATH").split(":")).map(folder -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
        assumeTrue(chromium.isPresent(), "skipped: no chromium, chromium-browser or google-chrome on the PATH");
        PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE_MILLIS);
        house = House.withFleet(data, METERS);
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(chromium.get())
                        .setArgs(List.of(
                                "--no-sandbox",
                                "--disable-background-networking",
                                "--disable-component-update",
                                "--disable-sync",
                                "--no-first-run")));
        replayed();
    }

    /** Waits until every meter has registered and sent what it measured so far. */
    private static void replayed() throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(90);
        JsonNode fleet;
        do {
            assertTrue(System.nanoTime() < end, "the fleet has not caught up after 90 s");
            TimeUnit.MILLISECONDS.sleep(200);
            fleet = house.get("/api/v1/health")
                    .path("components")
                    .valueStream()
                    .filter(part -> part.path("name").asText().equals("fleet"))
                    .findFirst()
                    .orElseThrow()
                    .path("values");
        } while (!fleet.path("done").asBoolean() || fleet.path("registered").asInt() < METERS);
    }

    @AfterAll
    static void stop() {
        if (browser != null) browser.close();
        if (playwright != null) playwright.close();
        if (house != null) house.close();
    }

    @BeforeEach
    void open() {
        context = browser.newContext(
                new Browser.NewContextOptions().setViewportSize(1280, 860).setTimezoneId("UTC"));
        page = context.newPage();
        page.setDefaultTimeout(PATIENCE_MILLIS);
        page.onConsoleMessage(message -> complaints.add(message.text()));
        page.onPageError(complaints::add);
    }

    @AfterEach
    void nothingWasComplainedOf() {
        context.close();
        assertEquals(List.of(), complaints);
    }

    private void go(String path) {
        page.navigate(house.uri("/console" + path).toString());
    }

    private Locator find(String selector) {
        return page.locator(selector);
    }

    private static LocatorAssertions expect(Locator locator) {
        return assertThat(locator);
    }

    @Test
    void theOverviewCountsWhatTheGatewayCounts() throws Exception {
        go("/");
        expect(find("[data-counter=meters] .value"))
                .hasText(METERS + " of " + METERS, new LocatorAssertions.HasTextOptions().setUseInnerText(true));
        expect(find("#stream")).containsText("Live");
        expect(find("mw-gateway-status")).containsText("All parts of the gateway work.");
        expect(find("mw-events li"))
                .hasCount(house.get("/api/v1/events?limit=100").path("items").size());
        long accepted = house.get("/api/v1/health").at("/readings/accepted").asLong();
        page.waitForCondition(() -> Long.parseLong(
                        find("[data-counter=accepted] .value").innerText().replace(",", ""))
                >= accepted);
    }

    @Test
    void fromTheListToAMeterWhoseChartHasThePointsThatRestHas() throws Exception {
        go("/meters");
        expect(find("mw-meters [role=status]").first()).hasText(METERS + " meters");
        find(".search input").fill(METER);
        expect(find("mw-meters [role=status]").first()).hasText("1 meter found");
        page.getByText(METER).first().click();
        expect(find("mw-meter h1")).hasText(METER);
        // yesterday is over: nothing comes in any more
        page.getByLabel("Earlier").click();
        LocalDate yesterday = LocalDate.now(ZoneOffset.UTC).minusDays(1);
        expect(find(".figures")).containsText(yesterday.toString());
        expect(find(".figures")).containsText("48 intervals of 30 min");
        expect(find("mw-chart canvas").first()).isVisible();
        assertEquals(consumption(yesterday), drawn());
    }

    /** What the meter counted from each value to the next, by the beginning of the interval, as REST has it. */
    private static Map<Instant, BigDecimal> consumption(LocalDate day) throws Exception {
        Instant from = day.atStartOfDay().toInstant(ZoneOffset.UTC);
        JsonNode items = house.get("/api/v1/readings?meter=" + METER + "&quantity=1-0:1.8.0&from=" + from + "&to="
                        + from.plusSeconds(86_401))
                .path("items");
        Map<Instant, BigDecimal> counted = new LinkedHashMap<>();
        JsonNode before = null;
        for (JsonNode item : items) {
            if (item.path("intervalSeconds").asInt() != 1800) continue;
            if (before != null) {
                counted.put(
                        Instant.parse(before.path("start").asText()),
                        new BigDecimal(item.path("value").asText())
                                .subtract(new BigDecimal(before.path("value").asText()))
                                .stripTrailingZeros());
            }
            before = item;
        }
        return counted;
    }

    private Map<Instant, BigDecimal> drawn() {
        Map<Instant, BigDecimal> drawn = new LinkedHashMap<>();
        List<?> points =
                (List<?>) find("mw-chart").evaluate("chart => chart.curve.points.map(p => `${p.start} ${p.text}`)");
        for (Object point : points) {
            String[] parts = point.toString().split(" ");
            drawn.put(Instant.ofEpochMilli(Long.parseLong(parts[0])), new BigDecimal(parts[1]).stripTrailingZeros());
        }
        return drawn;
    }

    @Test
    void aLinkToAMeterOpensItsPage() {
        go("/meters/" + METER);
        expect(find("mw-identity")).containsText("Registered: it can be read now");
        expect(find("mw-registers tbody tr").first()).containsText("1-0:1.8.0");
        expect(find("mw-chart canvas").first()).isVisible();
        expect(find("mw-objects summary").first()).isVisible();
    }

    @Test
    void aResourceIsReadFromTheDeviceAndWrittenToIt() throws Exception {
        String serial = house.get("/api/v1/meters/" + METER).path("serial").asText();
        go("/meters/" + METER);
        find("mw-objects summary")
                .filter(new Locator.FilterOptions().setHasText("Device"))
                .first()
                .click();
        page.getByLabel("Read Serial Number").click();
        expect(find("[data-path='/3/0/2'] .value")).hasText(serial);
        page.getByLabel("Write Timezone").click();
        find(".edit input").fill("Europe/Lisbon");
        page.getByText("Write to the meter").click();
        expect(find("[data-path='/3/0/15'] .value")).hasText("Europe/Lisbon");
    }

    @Test
    void integrityIsThatOfTheLedger() {
        go("/integrity");
        page.getByLabel("Earlier").click();
        expect(find("mw-integrity .figures")).containsText("100.00 %");
        expect(find("mw-integrity tbody tr")).hasCount(METERS);
    }

    @Test
    void aFileOfMetersIsImportedAsAWholeOrNotAtAll() throws Exception {
        go("/meters");
        page.getByText("Import CSV").first().click();
        choose("id,zone,latitude\nbad-1,north,51\nbad-2,north,91\nbad-1,north,51\n");
        expect(find("mw-import [role=alert]")).containsText("Nothing was imported");
        expect(find("mw-import tbody tr")
                        .filter(new Locator.FilterOptions().setHasText("latitude"))
                        .first())
                .isVisible();
        List<String> lines = find("mw-import tbody td:first-child").allInnerTexts();
        assertTrue(lines.containsAll(List.of("2", "3", "4")), lines.toString());
        assertEquals(0, house.get("/api/v1/meters?search=bad-").path("total").asInt());
        choose("id,zone\ngood-1,north\ngood-2,north\n");
        expect(find("mw-import .done")).hasText("2 meters were imported.");
        find("mw-import").getByText("Close").click();
        expect(find("mw-meters [role=status]").first()).hasText(METERS + 2 + " meters");
        for (String meter : List.of("good-1", "good-2")) {
            assertEquals(204, house.delete("/api/v1/meters/" + meter));
        }
        // the browser says every answer that is an error
        complaints.removeIf(complaint -> complaint.contains("422"));
    }

    private void choose(String csv) {
        find("mw-import input")
                .setInputFiles(new FilePayload("meters.csv", "text/csv", csv.getBytes(StandardCharsets.UTF_8)));
        find("mw-import button.primary").click();
    }

    @Test
    void aGatewayThatGoesAndComesBackIsNoticedAndEverythingGoesOn() throws Exception {
        go("/meters/" + METER);
        expect(find("mw-identity")).containsText("Registered");
        Bundle http = house.bundle("org.meterway.http");
        http.stop();
        try {
            expect(find(".lost")).containsText("The gateway does not answer");
        } finally {
            http.start();
        }
        expect(find("#stream")).containsText("Live");
        expect(find(".lost")).hasCount(0);
        expect(find("mw-problem [role=alert]")).hasCount(0);
        expect(find("mw-identity")).containsText("Registered");
        // the browser says every connection that was refused
        complaints.removeIf(complaint -> complaint.startsWith("Failed to load resource"));
    }

    @Test
    void aMeterOrPageThatIsNotThereIsSaidSo() {
        go("/meters/nobody");
        expect(find("mw-meter [role=alert]")).containsText("There is no meter “nobody”");
        complaints.removeIf(complaint -> complaint.contains("404"));
        go("/no/such/page");
        expect(find("main")).containsText("There is no page at this address");
    }
}
