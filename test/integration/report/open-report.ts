import { execFileSync } from "node:child_process";
import { fileURLToPath, pathToFileURL } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";

const program = fileURLToPath(new URL("../../../dist/bin/nmzc.js", import.meta.url));

/** What `nmzc report` writes to standard output. */
export function nmzcReport(...words: readonly string[]): string {
  return execFileSync(process.execPath, [program, "report", ...words], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
}

export function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: execFileSync("sh", ["-c", "command -v chromium"], { encoding: "utf8" }).trim(),
    // Root has no sandbox, and a container little shared memory.
    chromiumSandbox: false,
    args: ["--disable-dev-shm-usage", "--disable-gpu"],
  });
}

export interface OpenReport {
  readonly page: Page;
  /** What must not happen: console messages, errors, dialogs, and requests for anything but the file itself. */
  readonly troubles: string[];
}

interface View {
  readonly width?: number;
  readonly scheme?: "light" | "dark";
}

/** A report, opened from disk in a browser profile of its own, with its timeline drawn. */
export async function openReport(
  browser: Browser,
  file: string,
  { width = 1200, scheme = "light" }: View = {},
): Promise<OpenReport> {
  const page = await browser.newPage({
    viewport: { width, height: 900 },
    colorScheme: scheme,
    reducedMotion: "reduce",
  });
  const troubles: string[] = [];
  const url = pathToFileURL(file).href;
  page.on("console", (message) => troubles.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => troubles.push(`error: ${String(error)}`));
  page.on("dialog", (dialog) => {
    troubles.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("request", (request) => {
    if (request.url() !== url) troubles.push(`request: ${request.url()}`);
  });
  await page.goto(url);
  await page.waitForSelector("#timeline[data-ready] canvas[data-detail]");
  return { page, troubles };
}

/** What an element says, without the blanks around it. */
export function textOf(page: Page, selector: string): Promise<string> {
  return page.$eval(selector, (found) => found.textContent?.trim() ?? "");
}
