import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { rateInterval, readRunLines } from "../../../src/campaign/index.js";
import { type Report, readReport } from "../../../src/report/index.js";
import { makeCampaign } from "../../helpers/campaign-folder.js";

let folder: string;
let report: Report;
beforeAll(() => {
  folder = join(mkdtempSync(join(tmpdir(), "nmzt-report-")), "now");
  makeCampaign(folder, { runs: 300, hasBaseline: true, tests: 12, events: 300, kept: 40 });
  report = readReport(folder);
});
afterAll(() => rmSync(join(folder, ".."), { recursive: true }));

function linesOf(arm: string, ...outcomes: readonly string[]) {
  return [...readRunLines(folder)].filter((line) => line.arm === arm && outcomes.includes(line.outcome));
}

describe("readReport", () => {
  it("counts passes and failures of each arm, and timeouts apart", () => {
    const { fuzzed, plain } = report.data;
    expect(fuzzed.rate).toMatchObject({
      failed: linesOf("fuzzed", "fail").length,
      of: linesOf("fuzzed", "fail", "pass").length,
    });
    expect(plain!.rate.of).toBe(linesOf("plain", "fail", "pass").length);
    expect(fuzzed.timeouts).toBe(linesOf("fuzzed", "timeout").length);
    expect(report.data.comparison!.fisherP).toBeLessThan(0.001);
  });

  it("ends the rate over time with the whole campaign's", () => {
    const { overTime, fuzzed } = report.data;
    expect(overTime.fuzzed.at(-1)).toMatchObject(fuzzed.rate);
    expect(overTime.fuzzed.every(({ of }, index, all) => index === 0 || of > all[index - 1]!.of)).toBe(true);
  });

  it("has the interval of which --until-interval made sure, in the rate and over time", () => {
    const looked = join(folder, "../looked/alone");
    const stop = { runs: undefined, untilFailure: false, forMs: undefined, untilInterval: 0.05 };
    makeCampaign(looked, { runs: 60, kept: 0, changes: { stop } });
    const { fuzzed, overTime } = readReport(looked).data;
    expect(fuzzed.rate).toMatchObject(rateInterval(fuzzed.rate.failed, fuzzed.rate.of, true));
    expect(overTime.fuzzed.at(-1)).toMatchObject(fuzzed.rate);
  });

  it("has each failure with its tests, output and the commands to have it again", () => {
    const [lost] = report.data.failures;
    expect(lost).toMatchObject({ id: "a1b2c3d4e5f6", title: "expected 3 entries but found 2", earlier: [] });
    expect(lost!.tests).toContain("org.example.store.QueueTest > keepsWhatWasSynced");
    expect(lost!.outputTail).toBe(
      "[INFO] Running org.example.store.QueueTest\n[INFO] Tests run: 12, Failures: 1",
    );
    const { replayCommand, seedCommand, seed, run } = lost!.examples[0]!;
    expect(replayCommand).toBe(`nmzc replay ${folder}/runs/${String(run).padStart(6, "0")}`);
    expect(seedCommand).toBe(
      `nmzc run --rm --nmz-seed ${seed} --preset=nasty '--volume=/src/my store:/src' example/store:1.4 mvn -q test`,
    );
  });

  it("has the rates of single tests, of both arms, and those that fail together", () => {
    const { tests, together, fuzzed } = report.data;
    expect(tests).toHaveLength(12);
    expect(tests[0]!.rate.of).toBe(fuzzed.rate.of);
    expect(tests[0]!.rate.failed).toBeGreaterThan(tests[5]!.rate.failed);
    expect(together[0]!.tests).toHaveLength(2);
  });

  it("finds what was made to predict failure", () => {
    const { predictors } = report.data;
    expect(predictors.outcome).toBe("predictors");
    expect(predictors.list[0]!.words).toContain("fsync of data/log.1");
  });

  it("shows failing runs and a passing one", () => {
    const outcomes = report.timelines.timelines.map(({ outcome }) => outcome);
    expect(outcomes).toEqual(["fail", "fail", "pass"]);
  });

  it("knows a failure again that an earlier campaign beside it had", () => {
    const next = join(folder, "../next");
    makeCampaign(next, { runs: 60, tests: 12, kept: 0, changes: { startedAt: "2026-03-02T10:00:00.000Z" } });
    const { data } = readReport(next);
    expect(data.failures.every(({ earlier }) => earlier[0]?.campaign === "now")).toBe(true);
    expect(readReport(folder).data.failures[0]!.earlier).toEqual([]);
  });

  it("tells of what it cannot read, and reads the rest", () => {
    const broken = join(folder, "../broken");
    makeCampaign(broken, { runs: 80, tests: 3, kept: 2, events: 50 });
    const [suite] = [...readRunLines(broken)].map((line) => line.suite);
    writeFileSync(join(broken, "suites", `${suite}.json`), "{");
    appendFileSync(join(broken, "runs.jsonl"), '{"run":');
    const { data } = readReport(broken);
    expect(data.fuzzed.rate.of).toBeGreaterThan(70);
    expect(data.tests).toEqual([]);
    expect(data.notes).toEqual([expect.stringContaining("the rates of single tests are not known")]);
  });

  it("says what is missing where there is no campaign", () => {
    expect(() => readReport(join(folder, "nowhere"))).toThrow(
      expect.objectContaining({ code: "NMZ_CAMPAIGN_MISSING" }),
    );
  });
});
