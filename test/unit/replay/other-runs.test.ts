import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readRun } from "../../../src/record/index.js";
import { comesInOtherRuns } from "../../../src/replay/index.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nmzc-other-runs-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const data = (digest: string) => `tcp:output:local>10.0.0.3:80:data:${digest}`;

/** A recorded run in which packets with these contents came. */
function record(path: string, command: readonly string[], digests: readonly string[]): string {
  const run = join(folder, path);
  mkdirSync(run, { recursive: true });
  const lines = digests.map((digest) => ({
    ...{ t: 1, action: "EventAcceptanceAction", event: "PacketEvent", entity: "net" },
    ...{ hint: data(digest), n: 1, arrived: 1, delayMs: 0, src: "a", dst: "b", length: 100 },
  }));
  const trace = [{ nmzTrace: 2, run: path }, ...lines].map((line) => `${JSON.stringify(line)}\n`).join("");
  writeFileSync(join(run, "trace.jsonl"), trace);
  writeFileSync(join(run, "run.json"), JSON.stringify({ nmzRun: 2, startedAt: "2026-01-01", command }));
  return run;
}

describe("comesInOtherRuns", () => {
  it("knows what comes in other runs of the same command, and not what this one alone has", () => {
    const run = record("one", ["test"], ["stable", "drawn"]);
    record("two", ["test"], ["stable"]);
    record("three", ["another"], ["drawn"]);
    const comes = comesInOtherRuns(readRun(run));
    expect([comes("net", data("stable")), comes("net", data("drawn"))]).toEqual([true, false]);
    expect(comes("another net", data("stable"))).toBe(false);
  });

  it("does not take the run that a minimised one is made of for another", () => {
    record("one", ["test"], ["drawn"]);
    record("two", ["test"], ["stable"]);
    const run = record("one/minimized", ["test"], ["drawn", "stable"]);
    const comes = comesInOtherRuns(readRun(run));
    expect([comes("net", data("stable")), comes("net", data("drawn"))]).toEqual([true, false]);
  });

  it("does without neighbours that cannot be read", () => {
    const run = record("one", ["test"], ["drawn"]);
    writeFileSync(join(record("two", ["test"], []), "trace.jsonl"), "no trace\n");
    expect(comesInOtherRuns(readRun(run))("net", data("drawn"))).toBe(false);
  });
});
