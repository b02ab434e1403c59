import { describe, expect, it } from "vitest";
import type { RecordedDecision } from "../../../src/record/index.js";
import { type Minimised, minimise, type Progress } from "../../../src/replay/index.js";
import { fileDecision, packetDecision, workload } from "./simulated-workload.js";

const batch = { Policy: 3, Flags: 0, Nice: 0, Priority: 0, Runtime: 0, Deadline: 0, Period: 0 };
const packets = Array.from({ length: 60 }, (_, index) => packetDecision(index));
const files = Array.from({ length: 5 }, (_, index) => fileDecision(index + 1));
const record = [...packets, ...files];

const key = ({ hint, n }: RecordedDecision) => `${hint}#${n}`;
const keys = (decisions: readonly RecordedDecision[]) => decisions.map(key).sort();
const holds = ({ decisions }: Minimised, causes: readonly RecordedDecision[]) =>
  causes.every((cause) => decisions.some((one) => key(one) === key(cause)));

describe("minimise", () => {
  it("finds the one decision that always makes it fail", async () => {
    const causes = [packets[17]!];
    const trial = workload({ seed: 1, causes, rate: 1, background: 0 });
    const found = await minimise({ decisions: record, trial });
    expect(found.outcome).toBe("minimal");
    expect(keys(found.decisions)).toEqual(keys(causes));
    expect(found.confirmation).toMatchObject({
      with: { failures: 10, trials: 10 },
      without: { failures: 0, trials: 10 },
    });
    expect(found.recorded).toBe(65);
  });

  it("finds two decisions of different classes that are only together sufficient", async () => {
    const causes = [packets[41]!, files[0]!];
    const trial = workload({ seed: 2, causes, rate: 0.95, background: 0 });
    const found = await minimise({ decisions: record, trial, maxRuns: 2000 });
    expect(found.outcome).toBe("minimal");
    expect(keys(found.decisions)).toEqual(keys(causes));
  });

  // 120 searches at a confidence of 0.9 may lose the cause 12 times on average; 22 would have a probability of 0.002.
  it.each([
    { rate: 0.9, background: 0, name: "fails often" },
    { rate: 0.6, background: 0.05, name: "fails by a background rate too" },
    { rate: 0.95, background: 0.3, name: "fails every third time without any" },
  ])("loses the cause no more often than promised where it $name", async ({ rate, background }) => {
    let lost = 0;
    let minimal = 0;
    const searches = 120;
    for (let seed = 0; seed < searches; seed++) {
      const causes = [packets[(seed * 7) % 60]!, ...(seed % 2 === 0 ? [files[seed % 5]!] : [])];
      const trial = workload({ seed, causes, rate, background });
      const found = await minimise({ decisions: record, trial, maxRuns: 5000, confidence: 0.9 });
      if (found.outcome === "minimal" && !holds(found, causes)) lost += 1;
      if (holds(found, causes) && found.decisions.length === causes.length) minimal += 1;
    }
    expect(lost).toBeLessThan(22);
    expect(minimal).toBeGreaterThan(searches / 2);
  });

  it("confirms with more runs what fails seldom", async () => {
    const causes = [packets[5]!];
    let minimal = 0;
    for (let seed = 0; seed < 60; seed++) {
      const trial = workload({ seed: `seldom ${seed}`, causes, rate: 0.3, background: 0 });
      const found = await minimise({ decisions: record, trial, maxRuns: 5000 });
      if (found.outcome === "minimal" && holds(found, causes)) minimal += 1;
    }
    expect(minimal).toBeGreaterThan(45);
  });

  it("says that a record does not fail more often than nothing", async () => {
    const trial = workload({ seed: 3, causes: [packets[0]!], rate: 0.3, background: 0.3 });
    const found = await minimise({ decisions: record, trial });
    expect(found.outcome).toBe("not-reproduced");
    expect(found.runs).toBe(80);
    expect(found.record?.with.trials).toBe(40);
  });

  it("makes no run for a record that shakes nothing", async () => {
    const trial = workload({ seed: 3, causes: [], rate: 1, background: 1 });
    const found = await minimise({ decisions: [packetDecision(1, 0)], trial });
    expect(found).toMatchObject({ outcome: "not-reproduced", recorded: 0, runs: 0 });
  });

  it("keeps within the runs it may make, and gives the best so far", async () => {
    const causes = [packets[17]!, packets[50]!];
    const trial = workload({ seed: 4, causes, rate: 1, background: 0 });
    const found = await minimise({ decisions: record, trial, maxRuns: 90 });
    expect(found).toMatchObject({ outcome: "reduced", stoppedBy: "runs" });
    expect(found.runs).toBeLessThanOrEqual(90);
    expect(holds(found, causes)).toBe(true);
    expect(found.decisions.length).toBeLessThan(record.length);
    expect(found.confirmation?.with.failures).toBe(10);
  });

  it("gives the best so far when it is interrupted, and does not count the run that was", async () => {
    const interruption = new AbortController();
    const causes = [packets[17]!];
    const whole = workload({ seed: 5, causes, rate: 1, background: 0 });
    let runs = 0;
    const trial: typeof whole = async (decisions) => {
      runs += 1;
      if (runs === 60) interruption.abort();
      if (runs === 60) throw new Error("the container was stopped");
      return whole(decisions);
    };
    const found = await minimise({ decisions: record, trial, signal: interruption.signal });
    expect(found).toMatchObject({ outcome: "reduced", stoppedBy: "signal", runs: 60 });
    expect(holds(found, causes)).toBe(true);
    expect(found.decisions.length).toBeLessThan(record.length);
  });

  it("ends when its time is over", async () => {
    let nowMs = 0;
    const clock = { nowMs: () => nowMs, wallMs: () => nowMs };
    const whole = workload({ seed: 6, causes: [packets[17]!], rate: 1, background: 0 });
    const trial: typeof whole = (decisions) => {
      nowMs += 1000;
      return whole(decisions);
    };
    const found = await minimise({ decisions: record, trial, clock, maxTimeMs: 40_000 });
    expect(found).toMatchObject({ outcome: "reduced", stoppedBy: "time", runs: 40 });
    // The time for it was kept back.
    expect(found.confirmation?.with).toEqual({ failures: 10, trials: 10 });
  });

  it("passes on what a run could not be made for", async () => {
    const trial = () => Promise.reject(new Error("no engine"));
    await expect(minimise({ decisions: record, trial })).rejects.toThrow("no engine");
  });

  it("rounds and shortens the delays that are left, as long as it fails", async () => {
    const causes = [packetDecision(17, 83.217)];
    const decisions = packets.map((packet, index) => (index === 17 ? causes[0]! : packet));
    const counts = ({ delayMs }: RecordedDecision) => delayMs >= 35;
    const trial = workload({ seed: 7, causes, rate: 1, background: 0, counts });
    const found = await minimise({ decisions, trial, maxRuns: 1000 });
    expect(found.decisions.map(({ delayMs }) => delayMs)).toEqual([40]);
  });

  it("takes the delay from a fault that needs none", async () => {
    const cause = { ...files[2]!, fault: { kind: "errno", errno: "ENOSPC" } as const };
    const trial = workload({ seed: 8, causes: [cause], rate: 1, background: 0 });
    const found = await minimise({ decisions: [...packets, cause], trial, maxRuns: 1000 });
    expect(found.decisions).toEqual([{ ...cause, delayMs: 0 }]);
  });

  it("finds the one thread of a sweep", async () => {
    const sweep = (n: number): RecordedDecision => ({
      entity: "proc",
      hint: "threads:4",
      n,
      event: "ProcSetEvent",
      delayMs: 0,
      attributes: Array.from({ length: 4 }, () => batch),
      arrivedMs: n * 100,
      atMs: n * 100,
      about: {},
    });
    const counts = ({ attributes }: RecordedDecision) => attributes?.[2]?.Policy === 3;
    const trial = workload({ seed: 9, causes: [sweep(3)], rate: 1, background: 0, counts });
    const found = await minimise({
      decisions: [1, 2, 3, 4, 5].map(sweep),
      trial,
      maxRuns: 1000,
    });
    expect(found.decisions.map(({ n }) => n)).toEqual([3]);
    expect(found.decisions[0]!.attributes?.map((one) => one?.Policy)).toEqual([
      undefined,
      undefined,
      3,
      undefined,
    ]);
  });

  it("gives the same result for the same answers, and tells of each question", async () => {
    const search = async () => {
      const progress: Progress[] = [];
      const trial = workload({ seed: 10, causes: [packets[30]!], rate: 0.8, background: 0.1 });
      const found = await minimise({ decisions: record, trial, onProgress: (one) => progress.push(one) });
      return { found, progress };
    };
    const [one, other] = [await search(), await search()];
    expect(one).toEqual(other);
    expect(one.progress.filter(({ answer }) => answer !== undefined).length).toBeGreaterThan(5);
  });
});
