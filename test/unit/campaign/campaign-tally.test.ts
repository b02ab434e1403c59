import { describe, expect, it } from "vitest";
import { CampaignTally } from "../../../src/campaign/index.js";
import { failedLine, failure, runLine } from "./run-lines.js";

function tallyOf(lines: readonly Parameters<CampaignTally["add"]>[0][], hasBaseline = false): CampaignTally {
  const tally = new CampaignTally({ hasBaseline });
  for (const line of lines) tally.add(line);
  return tally;
}

describe("CampaignTally", () => {
  it("counts failures among runs that passed or failed, timeouts and errors apart", () => {
    const tally = tallyOf([
      runLine(0),
      failedLine(1),
      runLine(2, { outcome: "timeout", exitCode: undefined }),
      runLine(3, { outcome: "error", exitCode: 125, durationMs: 50 }),
    ]);
    expect(tally.ended).toBe(4);
    expect(tally.arm("fuzzed")).toMatchObject({
      runs: 2,
      failures: 1,
      timeouts: 1,
      errors: 1,
      durationMs: 3000,
    });
    expect(tally.arm("fuzzed").rate).toBe(0.5);
    expect(tally.arm("fuzzed").interval.low).toBeCloseTo(0.01258, 4);
    expect(tally.arm("plain")).toMatchObject({ runs: 0, rate: undefined, interval: { low: 0, high: 1 } });
  });

  it("says after how many runs and how much time of its arm the first failure came", () => {
    const tally = tallyOf([
      runLine(0, { arm: "plain" }),
      runLine(1, { durationMs: 500 }),
      runLine(2, { outcome: "timeout", durationMs: 2000 }),
      failedLine(3),
      failedLine(4),
    ]);
    expect(tally.arm("fuzzed").firstFailure).toEqual({ run: 3, seed: "seed3", runs: 2, durationMs: 3500 });
    expect(tally.arm("plain").firstFailure).toBeUndefined();
  });

  it("groups failures by signature, and counts a run once in each", () => {
    const tests = [failure("a", "T1"), failure("a", "T2"), failure("b", "T1")];
    const tally = tallyOf([
      failedLine(0, { failures: tests }),
      failedLine(1, { failures: [failure("a", "T1")], arm: "plain" }),
    ]);
    const [a, b] = tally.failureGroups;
    expect(a).toMatchObject({ title: "a", runs: { plain: 1, fuzzed: 1 }, firstRun: 0, lastRun: 1 });
    expect(a?.tests).toEqual([
      { test: "T1", runs: 2 },
      { test: "T2", runs: 1 },
    ]);
    expect(b).toMatchObject({ title: "b", runs: { plain: 0, fuzzed: 1 } });
  });

  it("tells which failures are new", () => {
    const tally = new CampaignTally({ hasBaseline: false });
    expect(tally.add(failedLine(0, { failures: [failure("a")] }))).toHaveLength(1);
    expect(tally.add(failedLine(1, { failures: [failure("a"), failure("b")] }))).toEqual([failure("b")]);
  });

  it("names five examples, those that were kept before the others", () => {
    const tally = tallyOf(
      Array.from({ length: 9 }, (_, run) => failedLine(run, run < 3 ? {} : { folder: `runs/${run}` })),
    );
    expect(tally.failureGroups[0]?.examples.map(({ run }) => run)).toEqual([3, 4, 5, 6, 7]);
  });

  it("gives each test the runs in which it ran as its denominator", () => {
    const suites: Record<string, string[]> = { ab: ["a", "b"], a: ["a"] };
    const tally = tallyOf([
      runLine(0, { suite: "ab" }),
      failedLine(1, { suite: "ab", failures: [failure("x", "b"), failure("y", "b")] }),
      runLine(2, { suite: "a", arm: "plain" }),
      runLine(3, { suite: "a", outcome: "timeout" }),
    ]);
    const [b, a] = tally.tests((suite) => suites[suite]!);
    expect(b).toMatchObject({
      test: "b",
      arms: { fuzzed: { ran: 2, failed: 1 }, plain: { ran: 0, failed: 0 } },
    });
    expect(a).toMatchObject({
      test: "a",
      arms: { fuzzed: { ran: 2, failed: 0 }, plain: { ran: 1, failed: 0 } },
    });
  });

  it("keeps the runs of each choice apart", () => {
    const tally = tallyOf([runLine(0, { choice: "disk" }), failedLine(1, { choice: "network" })]);
    expect(tally.choices.get("network")).toMatchObject({ runs: 1, failures: 1 });
    expect(tally.choices.get("disk")).toMatchObject({ runs: 1, failures: 0 });
  });

  it("compares both arms as R's fisher.test does", () => {
    // fisher.test(matrix(c(8, 2, 1, 9), 2, byrow = TRUE))
    const lines = Array.from({ length: 10 }, (_, k) => [
      k < 8 ? failedLine(2 * k) : runLine(2 * k),
      k < 1
        ? failedLine(2 * k + 1, { arm: "plain" as const })
        : runLine(2 * k + 1, { arm: "plain" as const }),
    ]).flat();
    const { comparison } = tallyOf(lines, true);
    expect(comparison?.fisherP).toBeCloseTo(0.005477, 6);
    expect(comparison?.oddsRatio.estimate).toBeCloseTo(27.33, 1);
    expect(comparison?.pairs).toBe(10);
    expect(comparison?.sequentialP).toBeLessThan(0.2);
  });

  it("compares nothing without a baseline, nor before both arms have a run", () => {
    expect(tallyOf([runLine(0), runLine(1, { arm: "plain" })]).comparison).toBeUndefined();
    expect(tallyOf([runLine(0)], true).comparison).toBeUndefined();
  });

  it("takes no pair whose other run was cut short, in whatever order they end", () => {
    const tally = tallyOf(
      [
        failedLine(3),
        runLine(0, { arm: "plain" }),
        failedLine(1),
        runLine(2, { arm: "plain", outcome: "timeout" }),
      ],
      true,
    );
    expect(tally.comparison?.pairs).toBe(1);
  });

  it("stays small where every run fails differently, and says what had no room", () => {
    const tally = new CampaignTally({ hasBaseline: false });
    for (let run = 0; run < 1200; run++) {
      tally.add(failedLine(run, { failures: [failure(String(run).padStart(6))], suite: String(run) }));
    }
    expect(tally.failureGroups).toHaveLength(1000);
    expect(tally.leftOut).toEqual({ failures: 200, runsOfTests: 200, failuresOfTests: 0 });
    expect(tally.arm("fuzzed").failures).toBe(1200);
  });

  it("does not tell of a test as never failing whose failures had no room", () => {
    const tally = new CampaignTally({ hasBaseline: false });
    const names = Array.from({ length: 21 }, (_, run) =>
      Array.from({ length: 1000 }, (_, test) => `test ${run}.${test}`),
    );
    names.forEach((tests, run) => {
      tally.add(
        failedLine(run, { suite: String(run), failures: tests.map((test) => failure("boom", test)) }),
      );
    });
    expect(tally.leftOut.failuresOfTests).toBe(1000);
    const rows = tally.tests((suite) => names[Number(suite)]!);
    expect(rows).toHaveLength(20_000);
    expect(rows.every(({ arms }) => arms.fuzzed.failed === 1)).toBe(true);
  });
});
