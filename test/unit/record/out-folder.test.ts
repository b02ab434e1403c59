import { mkdtempSync, readFileSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { defaultAutopilot } from "../../../src/config/index.js";
import { OutFolder } from "../../../src/record/index.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nmzc-out-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const result = {
  runId: "b",
  seed: "tuna",
  image: "debian",
  command: ["true"],
  containerId: "c0ffee",
  startedAt: "2026-01-01T00:00:00.000Z",
  endedAt: "2026-01-01T00:00:01.000Z",
  exitCode: 3,
  events: 2,
  delayed: 1,
  inspectors: [],
  warnings: [],
  autopilot: defaultAutopilot().autopilot,
};

describe("OutFolder", () => {
  it("keeps one folder a run, and latest points to the newest", () => {
    new OutFolder(folder, "a").write({ ...result, runId: "a" });
    new OutFolder(folder, "b").write(result);
    expect(readlinkSync(join(folder, "latest"))).toBe("b");
    expect(JSON.parse(readFileSync(join(folder, "latest", "run.json"), "utf8"))).toMatchObject({
      nmzRun: 2,
      runId: "b",
      exitCode: 3,
    });
    expect(JSON.parse(readFileSync(join(folder, "a", "run.json"), "utf8"))).toMatchObject({ runId: "a" });
  });

  it("names the folder that cannot be made", () => {
    writeFileSync(join(folder, "file"), "");
    expect(() => new OutFolder(join(folder, "file"), "a")).toThrow(join(folder, "file", "a"));
  });
});
