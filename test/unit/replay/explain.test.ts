import { describe, expect, it } from "vitest";
import { explain } from "../../../src/replay/index.js";
import { storage } from "./simulated-storage.js";
import { fileDecision, packetDecision } from "./simulated-workload.js";

const hint = (packet: number) => packetDecision(packet).hint;

describe("explain", () => {
  it("ranks the delay that makes runs fail first", () => {
    const runs = storage({ seed: 1, runs: 60, packets: 40, fails: (delays) => delays[17]! > 25 });
    const { outcome, predictors } = explain(runs);
    expect(outcome).toBe("predictors");
    expect(predictors[0]).toMatchObject({ kind: "delay", events: [{ hint: hint(17), n: 1 }] });
    expect(predictors[0]!.words).toMatch(
      /^the 6th data packet 10.0.0.2→10.0.0.3:82 late by 2\d(\.\d+)?ms or more$/,
    );
    expect(predictors[0]!.qValue).toBeLessThan(1e-6);
  });

  it("knows packets of different contents by their place", () => {
    const runs = storage({ seed: 1, runs: 60, packets: 40, fails: (delays) => delays[17]! > 25 });
    const drawn = runs.map(({ failed, decisions }, run) => ({
      failed,
      decisions: () => [...decisions()].map((each) => ({ ...each, hint: `${each.hint}${run}000` })),
    }));
    const [first] = explain(drawn).predictors;
    expect(first).toMatchObject({ events: [{ hint: "tcp:output:local>10.0.0.3:82:data:~100", n: 6 }] });
    expect(first!.words).toMatch(/^the 6th data packet 10.0.0.2→10.0.0.3:82 late by 2\d(\.\d+)?ms or more$/);
  });

  it("finds that not being late makes runs fail", () => {
    const runs = storage({ seed: 2, runs: 60, packets: 20, fails: (delays) => delays[3]! < 13 });
    expect(explain(runs).predictors[0]).toMatchObject({ kind: "delay", events: [{ hint: hint(3) }] });
    expect(explain(runs).predictors[0]!.words).toContain("late by less than");
  });

  it("ranks the order that makes runs fail first", () => {
    const at = (delays: readonly number[], packet: number) => packetDecision(packet, delays[packet]).atMs;
    const runs = storage({
      seed: 3,
      runs: 60,
      packets: 30,
      fails: (delays) => at(delays, 11) < at(delays, 10),
    });
    const [first] = explain(runs).predictors;
    expect(first).toMatchObject({ kind: "order", events: [{ hint: hint(11) }, { hint: hint(10) }] });
    expect(first!.runs).toMatchObject({ withPassed: 0, withoutFailed: 0 });
    expect(first!.words).toContain(" before the ");
  });

  it("finds a cause that makes runs fail only often, among failures of other causes", () => {
    const runs = storage({
      seed: 4,
      runs: 120,
      packets: 30,
      fails: (delays, random) => random.next() < (delays[5]! > 25 ? 0.8 : 0.1),
    });
    expect(explain(runs).predictors[0]).toMatchObject({ kind: "delay", events: [{ hint: hint(5) }] });
  });

  it("finds a fault, and names what always comes with it", () => {
    const late = fileDecision(3, 300);
    const runs = storage({
      seed: 5,
      runs: 40,
      packets: 5,
      fails: (_, random) => random.next() < 0.5,
      more: ({ failed }) => [
        failed ? { ...late, fault: { kind: "errno", errno: "ENOSPC" } } : { ...late, delayMs: 0 },
      ],
    });
    const [first] = explain(runs).predictors;
    expect(first).toMatchObject({ kind: "fault" });
    expect(first!.words).toBe("the first fsync of log.1 met the fault ENOSPC");
    expect(first!.alwaysWith).toContain("the first fsync of log.1 held up");
  });

  it("finds how a thread was scheduled", () => {
    const batch = { Policy: 3, Flags: 0, Nice: 0, Priority: 0, Runtime: 0, Deadline: 0, Period: 0 };
    const sweep = {
      ...fileDecision(2, 0),
      entity: "proc",
      hint: "threads:2",
      event: "ProcSetEvent",
      about: {},
    };
    const runs = storage({
      seed: 6,
      runs: 40,
      packets: 1,
      fails: (_, random) => random.next() < 0.5,
      more: ({ failed }) => [{ ...sweep, attributes: [undefined, failed ? batch : { ...batch, Policy: 5 }] }],
    });
    expect(explain(runs).predictors[0]!.words).toBe("thread 2 of 2 scheduled SCHED_BATCH at the first sweep");
  });

  it("does not take what a failure brings about for its cause", () => {
    const runs = storage({
      seed: 7,
      runs: 60,
      packets: 10,
      fails: (_, random) => random.next() < 0.5,
      more: ({ failed }) => (failed ? [fileDecision(1, 10)] : []),
    });
    expect(explain(runs).outcome).toBe("nothing");
  });

  it("sells no noise as a cause", () => {
    const outcomes = Array.from({ length: 100 }, (_, seed) =>
      explain(
        storage({ seed: `noise ${seed}`, runs: 40, packets: 30, fails: (_, random) => random.next() < 0.4 }),
      ),
    );
    expect(outcomes.filter(({ outcome }) => outcome === "nothing").length).toBeGreaterThanOrEqual(95);
  });

  it("says when there is nothing to compare with", () => {
    const ending = (fails: (index: number) => boolean, runs = 20) => {
      let index = 0;
      return explain(storage({ seed: 8, runs, packets: 3, fails: () => fails(index++) })).outcome;
    };
    expect(ending(() => false)).toBe("no-failure");
    expect(ending(() => true)).toBe("no-success");
    expect(ending((index) => index === 0, 15)).toBe("too-few");
    expect(explain([]).outcome).toBe("no-failure");
  });

  it("keeps the events of many runs when those of one run each have no room", () => {
    const runs = storage({
      seed: 9,
      runs: 60,
      packets: 20,
      fails: (delays) => delays[4]! > 25,
      more: ({ index }) =>
        Array.from({ length: 20 }, (_, each) => ({ ...fileDecision(each + 1), hint: `own ${index}` })),
    });
    const { predictors, events, leftOut } = explain(runs, { maxCells: 60 * 60 });
    expect(predictors[0]).toMatchObject({ events: [{ hint: hint(4) }] });
    expect(events).toBeLessThanOrEqual(60);
    expect(leftOut).toBeGreaterThan(0);
  });
});
