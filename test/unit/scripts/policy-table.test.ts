import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { failures } from "../../../scripts/policy-table/failures.js";
import { intoDocument } from "../../../scripts/policy-table/into-document.js";
import { type Result, readResults } from "../../../scripts/policy-table/results.js";
import { configOf, resultOf } from "../../../scripts/policy-table/run-once.js";
import { keyOf, schedule } from "../../../scripts/policy-table/schedule.js";
import { markdownTables } from "../../../scripts/policy-table/table.js";
import { loadAutopilot } from "../../../src/config/index.js";

const folder = mkdtempSync(join(tmpdir(), "nmzc-policy-table-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const result = (failure: string, policy: string, round: number, how: Result["result"]): Result => ({
  ...{ failure, policy, round, result: how },
  ...{ seed: "0", exitCode: how === "passed" ? 0 : 1, tookMs: 1 },
});

describe("schedule", () => {
  it("has each failure under each of its policies once a round, in another order each round", () => {
    const cells = failures.reduce((sum, { policies }) => sum + policies.length, 0);
    const runs = schedule(failures, 2, "1");
    expect(runs.length).toBe(2 * cells);
    expect(new Set(runs.map(keyOf)).size).toBe(2 * cells);
    const [first, second] = [0, 1].map((round) =>
      runs.filter((run) => run.round === round).map(({ failure, policy }) => `${failure} ${policy}`),
    );
    expect(runs.slice(0, cells).every(({ round }) => round === 0)).toBe(true);
    expect(first!.toSorted()).toEqual(second!.toSorted());
    expect(first).not.toEqual(second);
  });

  it("gives the same run the same seed whatever else is asked for", () => {
    const one = schedule(failures.slice(1, 2), 1, "1").find(({ policy }) => policy === "pct");
    const all = schedule(failures, 3, "1").find((run) => keyOf(run) === keyOf(one!));
    expect(all).toEqual(one);
    expect(schedule(failures, 1, "2").map(({ seed }) => seed)).not.toContain(one!.seed);
  });
});

describe("configOf", () => {
  it.each(
    failures.flatMap((failure) =>
      failure.policies.slice(1).map((policy) => ({ failure, policy, name: failure.name })),
    ),
  )("gives a config that is read ($name, $policy)", ({ failure, policy }) => {
    const file = join(folder, "config.toml");
    writeFileSync(file, configOf(failure, policy));
    const { autopilot } = loadAutopilot(file);
    expect(autopilot.explorePolicy).toMatch(/^(random|pct|pos|starve|partition|mix)$/);
    expect(autopilot.ethernet.match.length).toBe(failure.config === undefined ? 0 : 1);
  });
});

describe("resultOf", () => {
  it("knows a failure by its message, and what could not be run by its exit code", () => {
    const sinkQueue = failures.find(({ name }) => name === "sink-queue")!;
    expect(resultOf(sinkQueue, 0, "should've thrown")).toBe("passed");
    expect(resultOf(sinkQueue, 1, "java.lang.AssertionError: should've thrown")).toBe("failed");
    expect(resultOf(sinkQueue, 1, "java.lang.OutOfMemoryError")).toBe("other");
    expect(resultOf(sinkQueue, 125, "no such image")).toBe("broken");
    expect(resultOf(sinkQueue, null, "")).toBe("broken");
  });
});

describe("readResults", () => {
  it("takes a line that was cut off from the file", () => {
    const file = join(folder, "results.jsonl");
    const whole = `${JSON.stringify(result("tcp-order", "pct", 0, "failed"))}\n`;
    writeFileSync(file, `${whole}{"failure":"tcp-or`);
    expect(readResults(file)).toEqual([result("tcp-order", "pct", 0, "failed")]);
    expect(readFileSync(file, "utf8")).toBe(whole);
    expect(readResults(join(folder, "none.jsonl"))).toEqual([]);
  });
});

describe("markdownTables", () => {
  it("counts failures of runs with their interval, and says what it left out", () => {
    const text = markdownTables(failures, [
      result("tcp-order", "random", 0, "failed"),
      result("tcp-order", "random", 1, "other"),
      result("tcp-order", "random", 2, "broken"),
      result("sink-queue", "plain", 0, "passed"),
    ]);
    expect(text).toContain("| `tcp-order` |  | 1 of 2 (9–91 %) |");
    expect(text).toContain("| `sink-queue` | 0 of 1 (0–79 %) |");
    expect(text).toMatch(/`config-update` \|.* – \|/);
    expect(text).toContain("`tcp-order`: 1 runs failed in another way, counted as not failed (random 1).");
    expect(text).toContain("`tcp-order`: 1 runs could not be made, not counted (random 1).");
  });
});

describe("intoDocument", () => {
  const [begin, end] = ["<!-- which-finds-what: begin -->", "<!-- which-finds-what: end -->"];

  it("replaces what is between the markers", () => {
    const document = intoDocument(`a\n${begin}\nold\n${end}\nb\n`, "new");
    expect(document).toBe(`a\n${begin}\n\nnew\n\n${end}\nb\n`);
    expect(intoDocument(document, "newer")).toBe(`a\n${begin}\n\nnewer\n\n${end}\nb\n`);
  });

  it("refuses a document without them", () => {
    expect(() => intoDocument(`a\n${end}\n${begin}`, "new")).toThrow("has no lines");
  });
});
