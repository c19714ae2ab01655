// SPDX-License-Identifier: EPL-2.0
package org.meterway.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The pages in a real browser. Any word on the browser's console, a violated policy among them, fails the test. */
class BrowserTest {
    /** The day before has 23 hours in London. */
    private static final Instant NOW = Instant.parse("2026-03-30T11:00:00Z");

    private static final List<String> PAGES = List.of("/", "/meters", "/meters/meter-0001", "/integrity", "/help");

    private static TestServer server;
    private static Playwright playwright;
    private static Browser browser;
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
        server = new TestServer(0, Clock.fixed(NOW, ZoneOffset.UTC), 250);
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
    }

    @AfterAll
    static void stop() throws Exception {
        if (browser != null) browser.close();
        if (playwright != null) playwright.close();
        if (server != null) server.close();
    }

    @BeforeEach
    void open() {
        open(1280, 860);
    }

    @AfterEach
    void nothingWasComplainedOf() {
        context.close();
        assertEquals(List.of(), complaints);
    }

    private void open(int width, int height) {
        if (context != null) context.close();
        context = browser.newContext(
                new Browser.NewContextOptions().setViewportSize(width, height).setTimezoneId("Europe/London"));
        page = context.newPage();
        page.clock().setFixedTime(NOW.toEpochMilli());
        page.onConsoleMessage(message -> complaints.add(message.text()));
        page.onPageError(complaints::add);
    }

    private void go(String path) {
        page.navigate(server.url() + "/console" + path);
    }

    @Test
    void theOverviewShowsFiguresAndEventsAsTheyCome() {
        go("/");
        assertThat(page.locator("[data-counter=meters] .value")).containsText("150");
        assertThat(page.locator("mw-gateway-status")).containsText("a part of it needs attention");
        assertThat(page.locator("#stream")).containsText("Live");
        server.rest.emit("meter.lost", "alarm", "meter-0009", "is silent since noon");
        assertThat(page.locator("mw-events li").first()).containsText("is silent since noon");
    }

    @Test
    void theListFindsSortsAndOpensAMeter() {
        go("/meters");
        assertThat(page.locator("mw-meters [role=status]").first()).hasText("250 meters");
        page.locator("vaadin-grid-sorter", new Page.LocatorOptions().setHasText("Meter"))
                .click();
        assertThat(page.getByText("meter-0250")).isVisible();
        page.locator(".search input").fill("meter-0042");
        assertThat(page.locator("mw-meters [role=status]").first()).hasText("1 meter found");
        page.getByText("meter-0042").click();
        assertThat(page.locator("mw-meter h1")).hasText("meter-0042");
    }

    @Test
    void aDayOf23HoursWithAGapIsDrawnAndNotFilled() {
        go("/meters/meter-0001");
        page.getByLabel("Earlier").click();
        assertThat(page.locator(".figures")).containsText("2026-03-29");
        assertThat(page.locator(".figures")).containsText("42 intervals of 30 min");
        assertThat(page.locator(".figures")).containsText("4 intervals missing in 1 gap");
        assertThat(page.locator("mw-chart canvas")).isVisible();
    }

    @Test
    void aResourceIsReadFromTheDevice() {
        go("/meters/meter-0001");
        page.locator("mw-objects summary", new Page.LocatorOptions().setHasText("Device"))
                .first()
                .click();
        page.getByLabel("Read Manufacturer").click();
        assertThat(page.locator("[data-path='/3/0/0'] .value")).containsText("Meterway");
        page.getByLabel("Read Device Type").click();
        assertThat(page.locator("[data-path='/3/0/17'] .value")).containsText("4.04: the device has no such resource");
    }

    @Test
    void theMetersThatMissMostComeFirst() {
        go("/integrity");
        assertThat(page.locator("mw-integrity tbody tr").first()).containsText("meter-0003");
        assertThat(page.locator("mw-integrity .figures")).containsText("94.79 %");
    }

    @Test
    void aMeterThatIsNotThereIsSaidSo() {
        go("/meters/nobody");
        assertThat(page.locator("mw-meter [role=alert]")).containsText("There is no meter “nobody”");
        complaints.removeIf(complaint -> complaint.contains("404"));
    }

    @Test
    void noPageHasSeriousBarriers() {
        for (String path : PAGES) {
            go(path);
            assertThat(page.locator("h1").first()).isVisible();
            assertThat(page.locator("#stream")).containsText("Live");
            List<String> barriers = new AxeBuilder(page)
                    .analyze().getViolations().stream()
                            .filter(rule -> List.of("serious", "critical").contains(rule.getImpact()))
                            .map(rule -> path + " " + rule.getId() + " "
                                    + rule.getNodes().get(0).getHtml())
                            .toList();
            assertEquals(List.of(), barriers);
        }
    }

    @Test
    void aPhoneNeedsNoSidewaysScrolling() {
        open(390, 844);
        for (String path : PAGES) {
            go(path);
            assertThat(page.locator("h1").first()).isVisible();
            assertThat(page.locator("#stream")).containsText("Live");
            assertEquals(390, page.evaluate("document.documentElement.scrollWidth"), path);
        }
    }
}
