// SPDX-License-Identifier: EPL-2.0
package org.meterway.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Locator;
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

/** Traces, parked frames and replays in a real browser. Any word on the browser's console fails the test. */
class TraceBrowserTest {
    private static final Instant NOW = Instant.parse("2026-03-30T11:00:00Z");

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

    private void noBarriersNorSidewaysScrolling(String what, int width) {
        List<String> barriers = new AxeBuilder(page)
                .analyze().getViolations().stream()
                        .filter(rule -> List.of("serious", "critical").contains(rule.getImpact()))
                        .map(rule -> what + " " + rule.getId() + " "
                                + rule.getNodes().get(0).getHtml())
                        .toList();
        assertEquals(List.of(), barriers);
        assertEquals(width, page.evaluate("document.documentElement.scrollWidth"), what);
    }

    @Test
    void aValueOfTheTableTellsItsBytesFieldsAndVersionsByKeyboardAlone() {
        go("/meters/meter-0001");
        page.locator("mw-value-table summary").focus();
        page.keyboard().press("Enter");
        page.locator("mw-value-table button.why").first().focus();
        page.keyboard().press("Enter");
        assertThat(page.locator("mw-trace-dialog dialog")).isVisible();
        assertThat(page.locator("mw-trace-dialog .value")).containsText("12 Wh");
        assertThat(page.locator("mw-trace-dialog")).containsText("it would give 13");
        assertThat(page.locator("mw-trace-dialog tbody tr")).hasCount(2);
        assertThat(page.locator("mw-trace-dialog .byte")).hasCount(StandInReplay.BYTES.length() / 2);
        page.locator("mw-trace-dialog li button").nth(2).focus();
        assertThat(page.locator("mw-trace-dialog .byte.on")).hasCount(4);
        assertThat(page.locator("mw-trace-dialog .byte.on").first()).hasText("01");
        assertThat(page.locator("mw-trace-dialog .choice button")).hasCount(2);
        noBarriersNorSidewaysScrolling("trace", 1280);
        page.keyboard().press("Escape");
        assertThat(page.locator("mw-trace-dialog dialog")).isHidden();
        page.locator("mw-registers button.why").first().click();
        assertThat(page.locator("mw-trace-dialog dialog")).isVisible();
        page.getByText("Close").click();
        assertThat(page.locator("mw-trace-dialog dialog")).isHidden();
    }

    @Test
    void aPointOfTheChartTellsWhereItComesFromAndBytesTellTheirField() {
        go("/meters/meter-0001");
        page.getByLabel("Earlier").click();
        assertThat(page.locator(".figures").first()).containsText("2026-03-29");
        assertThat(page.locator("mw-chart canvas")).isVisible();
        page.locator("mw-chart canvas").click(new Locator.ClickOptions().setPosition(600, 150));
        assertThat(page.locator("mw-trace-dialog dialog")).isVisible();
        page.locator("mw-trace-dialog .byte").nth(8).hover();
        assertThat(page.locator("mw-trace-dialog li button.on")).containsText("identification");
    }

    @Test
    void aPhoneShowsTheTraceToo() {
        open(390, 844);
        go("/meters/meter-0001");
        page.locator("mw-registers button.why").first().click();
        assertThat(page.locator("mw-trace-dialog .byte").first()).isVisible();
        page.locator("mw-trace-dialog li button").nth(1).click();
        assertThat(page.locator("mw-trace-dialog .byte.on")).hasCount(3);
        noBarriersNorSidewaysScrolling("trace on a phone", 390);
    }

    @Test
    void parkedFramesSayWhyAndCanBeTriedAgain() {
        go("/parked");
        assertThat(page.locator("mw-parked-list summary")).hasCount(2);
        assertThat(page.locator("mw-parked-list .figures")).containsText("1 refused");
        Locator refused = page.locator("mw-parked-list details").nth(1);
        refused.locator("summary").click();
        assertThat(refused).containsText("checksum at byte 18: expected 2f, was 52");
        refused.locator("li button").hover();
        assertThat(refused.locator(".byte.on")).hasText("00");
        page.getByText("Try again now").click();
        assertThat(page.locator("mw-parked-list")).containsText("They are being tried again");
        noBarriersNorSidewaysScrolling("parked", 1280);
        go("/meters/meter-0001");
        assertThat(page.locator("mw-meter mw-parked-list summary")).hasCount(1);
        go("/meters/meter-0009");
        assertThat(page.locator("mw-meter mw-identity")).isVisible();
        assertThat(page.locator("mw-meter mw-parked-list section")).hasCount(0);
        go("/meters/meter-0002");
        page.locator("mw-meter mw-parked-list summary").click();
        page.getByText("Give it up").click();
        assertThat(page.locator("mw-meter mw-parked-list section")).hasCount(0);
    }

    @Test
    void aReplayIsComparedFirstAndThenApplied() {
        open(390, 844);
        go("/replay");
        page.getByLabel("Meter, all if empty").fill("meter-0001");
        page.getByText("Show the differences").click();
        assertThat(page.locator("mw-replay [role=status]").first()).containsText("nothing is changed yet");
        assertThat(page.locator("mw-replay tbody tr")).hasCount(3);
        assertThat(page.locator("mw-replay .warn")).containsText("1 messages refused now");
        noBarriersNorSidewaysScrolling("replay", 390);
        page.getByText("Apply 3 differences").click();
        assertThat(page.locator("mw-replay [role=status]").first()).containsText("Applied");
    }
}
