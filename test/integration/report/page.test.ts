import { mkdtempSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { makeCampaign } from "../../helpers/campaign-folder.js";
import { requires } from "../../helpers/requires.js";
import { faint, nameless } from "./accessibility.js";
import { nmzcReport, openBrowser, openReport, textOf } from "./open-report.js";

requires("chromium", "built");

const hostile = "</script><img src=x onerror=alert(1)><!--";
let folder: string;
let browser: Browser;
const file = (name: string) => join(folder, `${name}.html`);
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "nmzt-report-"));
  makeCampaign(join(folder, "calm"), { runs: 200, hasBaseline: true, tests: 60, events: 300, kept: 24 });
  makeCampaign(join(folder, "wild"), { runs: 80, tests: 6, events: 100, kept: 3, hostile });
  nmzcReport(join(folder, "calm"));
  renameSync(join(folder, "calm", "report.html"), file("calm"));
  nmzcReport("-o", file("wild"), join(folder, "wild"));
  browser = await openBrowser();
});
afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
});
afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

function columnOf(page: Page, place: number): Promise<string[]> {
  return page.$$eval(`table.tests tbody tr > :nth-child(${place})`, (cells) =>
    cells.map((cell) => cell.textContent ?? ""),
  );
}

async function box(page: Page, selector: string) {
  const found = (await page.$(selector))!;
  await found.scrollIntoViewIfNeeded();
  return (await found.boundingBox())!;
}

describe("nmzc report", () => {
  it("writes the page into the campaign's folder, and other formats to standard output", () => {
    expect(nmzcReport("--format", "md", join(folder, "calm"))).toMatch(
      /^## ❌ \d+ of \d+ shaken runs failed\n/,
    );
    expect(nmzcReport("-o", "-", "--format=junit", join(folder, "wild"))).toContain("<testsuites>");
  });
});

describe("the report's page", () => {
  it("opens from disk without a request, a message or an error", async () => {
    const { page, troubles } = await openReport(browser, file("calm"));
    expect(await textOf(page, "h1")).toMatch(/^\d+ of \d+ shaken runs failed$/);
    expect(await page.$$eval("section h2", (found) => found.map((each) => each.textContent))).toEqual([
      "Rate over time",
      "Failures",
      "Tests",
      "Tests that fail together",
      "A failing run beside a passing one",
      "What predicts failure",
      "Environment",
    ]);
    expect(await textOf(page, "table.predictors tbody")).toContain("fsync of data/log.1");
    expect(troubles).toEqual([]);
  });

  it("shows hostile names as text", async () => {
    const { page, troubles } = await openReport(browser, file("wild"));
    expect(await page.$$eval("img, iframe, main script", (found) => found.length)).toBe(0);
    expect(await textOf(page, ".eyebrow")).toContain(hostile);
    expect(await textOf(page, ".failure .title")).toContain(hostile);
    expect(troubles).toEqual([]);
  });

  it("runs no code but its own, whoever put it there", async () => {
    const { page } = await openReport(browser, file("calm"));
    const hasRun = await page.evaluate(() => {
      const script = document.createElement("script");
      script.textContent = "document.title = 'run'";
      document.body.append(script);
      return document.title === "run";
    });
    expect(hasRun).toBe(false);
  });

  it("sorts tests with the mouse and the keyboard, and filters them by name", async () => {
    const { page } = await openReport(browser, file("calm"));
    await page.click("#test-failing");
    expect(await columnOf(page, 1)).toHaveLength(60);
    await page.click("table.tests thead th:nth-child(1) button");
    const names = await columnOf(page, 1);
    expect(names).toEqual([...names].sort((a, b) => a.localeCompare(b, "en", { numeric: true })));
    await page.focus("table.tests thead th:nth-child(3) button");
    await page.keyboard.press("Enter");
    const failed = (await columnOf(page, 3)).map(Number);
    expect(failed).toEqual([...failed].sort((a, b) => b - a));
    expect(
      await page.$eval("table.tests thead th:nth-child(3)", (each) => each.getAttribute("aria-sort")),
    ).toBe("descending");
    await page.locator("#test-filter").pressSequentially("ELECTION");
    expect((await columnOf(page, 1)).every((name) => name.includes("ElectionTest"))).toBe(true);
    expect(await textOf(page, "#tests [role=status]")).toBe("15 of 60 tests");
  });

  it("copies the command that has a failure again", async () => {
    const { page } = await openReport(browser, file("calm"));
    await page.click(".failure[open] button.copy");
    await page.waitForFunction(() => document.querySelector("button.copy")?.textContent !== "Copy");
    expect(await textOf(page, ".failure[open] button.copy")).toBe("Copied");
    expect(await textOf(page, ".failure[open] .command code")).toBe(
      `nmzc replay ${join(folder, "calm", "runs")}/${(await textOf(page, ".failure[open] .command code")).slice(-6)}`,
    );
  });

  it("follows the system's colours until it is told otherwise", async () => {
    const shots = new Map<string, Uint8Array>();
    for (const scheme of ["light", "dark"] as const) {
      const { page } = await openReport(browser, file("calm"), { scheme });
      shots.set(scheme, await page.screenshot());
      const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      const before = await ground();
      await page.click("button.theme");
      expect(await ground()).not.toBe(before);
    }
    expect(Buffer.from(shots.get("light")!).equals(Buffer.from(shots.get("dark")!))).toBe(false);
  });

  it.each(["light", "dark"] as const)("can be read and used by everybody in %s colours", async (scheme) => {
    const { page } = await openReport(browser, file("calm"), { scheme });
    await page.$$eval("details", (found) => found.forEach((each) => void each.setAttribute("open", "")));
    expect(await nameless(page)).toEqual([]);
    expect(await faint(page)).toEqual([]);
  });

  it("is reached with the tabulator, first of all past the navigation", async () => {
    const { page } = await openReport(browser, file("calm"));
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Skip to the report");
    const seen = new Set<string>();
    for (let press = 0; press < 80 && !seen.has("CANVAS"); press++) {
      await page.keyboard.press("Tab");
      seen.add(await page.evaluate(() => document.activeElement!.tagName));
    }
    expect([...seen]).toEqual(
      expect.arrayContaining(["A", "BUTTON", "SUMMARY", "INPUT", "SELECT", "CANVAS"]),
    );
  });

  it.each([360, 768, 1600])("fits a window of %d pixels", async (width) => {
    const { page } = await openReport(browser, file("wild"), { width });
    const tooWide = await page.evaluate(() => {
      const isInScroller = (each: Element) => each.closest(".scroll, pre, nav, .skip, .unseen") !== null;
      return [...document.body.querySelectorAll("*")]
        .filter(
          (each) =>
            each.checkVisibility() &&
            !isInScroller(each) &&
            each.getBoundingClientRect().right > innerWidth + 1,
        )
        .map((each) => each.outerHTML.slice(0, 100));
    });
    expect(tooWide).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
  });

  it("is printed without what cannot be pressed on paper", async () => {
    const { page } = await openReport(browser, file("calm"), { scheme: "dark" });
    await page.emulateMedia({ media: "print" });
    expect(await page.$eval("header.page", (each) => each.checkVisibility())).toBe(false);
    expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe(
      "rgb(255, 255, 255)",
    );
    expect(await faint(page)).toEqual([]);
  });

  it("is the Markdown where there is no JavaScript", async () => {
    const page = await browser.newPage({ javaScriptEnabled: false });
    await page.goto(`file://${file("wild")}`);
    expect(await textOf(page, "noscript pre")).toBe(
      nmzcReport("--format", "md", join(folder, "wild")).trim(),
    );
  });
});

describe("the timeline", () => {
  const range = (page: Page) => textOf(page, "#timeline .range");
  const detail = (page: Page) =>
    page.$eval("#timeline canvas", (canvas) => (canvas as HTMLCanvasElement).dataset["detail"]);

  it("is zoomed and moved with the keyboard, and steps through what was shaken", async () => {
    const { page, troubles } = await openReport(browser, file("calm"));
    const whole = await range(page);
    await page.focus("#timeline canvas");
    await page.keyboard.press("+");
    const zoomed = await range(page);
    expect(zoomed).not.toBe(whole);
    await page.keyboard.press("ArrowRight");
    expect(await range(page)).not.toBe(zoomed);
    await page.keyboard.press("0");
    expect(await range(page)).toBe(whole);
    await page.keyboard.press("n");
    const first = await textOf(page, "#timeline .selected");
    expect(first).toMatch(
      /^Run \d+, .* of its kind, [\d.]+ ms after the first event, [\d.]+ ms after the start/,
    );
    await page.keyboard.press("n");
    expect(await textOf(page, "#timeline .selected")).not.toBe(first);
    await page.keyboard.press("p");
    expect(await textOf(page, "#timeline .selected")).toBe(first);
    expect(troubles).toEqual([]);
  });

  it("shows the event that predicts failure", async () => {
    const { page } = await openReport(browser, file("calm"));
    await page.click("table.predictors button.show");
    expect(await textOf(page, "#timeline .selected")).toMatch(
      /^Run \d+, data\/log.1 · fsync of data\/log.1 · number 3 of its kind/,
    );
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe("CANVAS");
  });

  it("is zoomed with the wheel once it has the focus, dragged, and tells what is under the mouse", async () => {
    const { page, troubles } = await openReport(browser, file("calm"));
    const { x, y, width } = await box(page, "#timeline canvas");
    const [middleX, laneY] = [x + width / 2, y + 40];
    const whole = await range(page);
    await page.mouse.move(middleX, laneY);
    await page.mouse.wheel(0, -40);
    await page.evaluate(() => new Promise(requestAnimationFrame));
    expect(await range(page)).toBe(whole);
    await page.focus("#timeline canvas");
    const again = await box(page, "#timeline canvas");
    await page.mouse.move(again.x + width / 2, again.y + 40);
    await page.mouse.wheel(0, -1200);
    await page.waitForFunction(
      (before) => document.querySelector("#timeline .range")?.textContent !== before,
      whole,
    );
    const zoomed = await range(page);
    await page.mouse.down();
    await page.mouse.move(again.x + width / 2 + 120, again.y + 40, { steps: 4 });
    await page.mouse.up();
    expect(await range(page)).not.toBe(zoomed);
    await page.keyboard.press("0");
    await page.mouse.move(again.x + width / 3, again.y + 30);
    await page.mouse.move(again.x + width / 3 + 2, again.y + 31);
    await page.waitForSelector("#timeline .tooltip:not([hidden])");
    expect(await textOf(page, "#timeline .tooltip")).toMatch(/packet .*after the start/);
    await page.mouse.move(again.x + 20, again.y + 31);
    expect(await textOf(page, "#timeline .tooltip:not([hidden])")).toBe("10.0.0.2");
    expect(troubles).toEqual([]);
  });

  it("shows what the filters leave", async () => {
    const { page } = await openReport(browser, file("calm"));
    const count = () => textOf(page, "#timeline .controls [role=status]");
    const heightOf = () => page.$eval("#timeline canvas", (canvas) => canvas.clientHeight);
    expect(await count()).toBe("300 of 300 events, 300 of 300 events");
    const full = await heightOf();
    await page.click("#kind-file");
    expect(await count()).not.toBe("300 of 300 events, 300 of 300 events");
    expect(await heightOf()).toBeLessThan(full);
    await page.selectOption("#timeline-shaken", "marked");
    await page.locator("#timeline-filter").pressSequentially("dropped");
    const [, failing] = /^(\d+) of 300 events/.exec(await count())!;
    expect(Number(failing)).toBeGreaterThan(0);
    expect(Number(failing)).toBeLessThan(40);
  });

  it("stays smooth with 100,000 events in each run", async () => {
    makeCampaign(join(folder, "long"), { runs: 30, tests: 2, events: 100_000, kept: 1 });
    nmzcReport("-o", file("long"), join(folder, "long"));
    const { page, troubles } = await openReport(browser, file("long"));
    expect(await textOf(page, "#timeline .controls [role=status]")).toBe(
      "100,000 of 100,000 events, 100,000 of 100,000 events",
    );
    expect(await detail(page)).toBe("density");
    const frames = await page.evaluate(async () => {
      const canvas = document.querySelector<HTMLCanvasElement>("#timeline canvas")!;
      canvas.scrollIntoView();
      const frame = () => new Promise<number>(requestAnimationFrame);
      const keys = [..."++++++++++++", ..."------------"].flatMap((key) => [key, "ArrowRight", "ArrowLeft"]);
      const times: number[] = [];
      let before = await frame();
      for (const key of keys) {
        canvas.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
        const now = await frame();
        times.push(now - before);
        before = now;
      }
      return times.sort((a, b) => a - b);
    });
    const at = (share: number) => Math.round(frames[Math.floor((frames.length - 1) * share)]!);
    process.stderr.write(
      `frames of two timelines with 100,000 events each: median ${at(0.5)} ms, p95 ${at(0.95)} ms, slowest ${at(1)} ms\n`,
    );
    // Far from smooth: a machine that has much else to do must pass too, and drawing each of 200,000 events takes longer.
    expect(at(0.5)).toBeLessThan(500);
    expect(await detail(page)).toBe("density");
    await page.focus("#timeline canvas");
    for (let press = 0; press < 14; press++) await page.keyboard.press("+");
    await page.waitForSelector("#timeline canvas[data-detail=events]");
    expect(troubles).toEqual([]);
  });
});
