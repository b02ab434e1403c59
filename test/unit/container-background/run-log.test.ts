import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readRunLog, writeRunLog } from "../../../src/container/background/run-log.js";

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nmzc-run-log-"));
  file = join(folder, "nmzc.log");
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("The log of runs in the background", () => {
  it("keeps each run's lines apart and in order", () => {
    writeRunLog("one", "first line", file);
    writeRunLog("two", "other", file);
    writeRunLog("one", "second\nline", file);
    writeRunLog("one", "\x1b[2J", file);
    expect(readRunLog("one", file)).toEqual(["first line", "second line", "\\x1b[2J"]);
    expect(readRunLog("two", file)).toEqual(["other"]);
    expect(readFileSync(file, "utf8").split("\n")[0]).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z one first line$/);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it("is put aside once when it is long, and both are read", () => {
    writeRunLog("one", "before", file);
    appendFileSync(file, "x".repeat(1 << 20));
    appendFileSync(file, "\n");
    writeRunLog("one", "after", file);
    expect(existsSync(`${file}.1`)).toBe(true);
    expect(statSync(file).size).toBeLessThan(100);
    expect(readRunLog("one", file)).toEqual(["before", "after"]);
  });

  it("costs a machine that cannot have it nothing", () => {
    const nowhere = join(folder, "missing", "nmzc.log");
    writeRunLog("one", "lost", nowhere);
    expect(readRunLog("one", nowhere)).toEqual([]);
  });
});
