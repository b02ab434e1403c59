import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Orchestrator } from "../../../src/orchestrator/index.js";
import { createPolicy, createPolicyFrom, type PolicyContext } from "../../../src/policy/index.js";
import { type RecordedDecision, readDecisions, TraceWriter } from "../../../src/record/index.js";
import { entriesOf, ReplayPolicy } from "../../../src/replay/index.js";
import {
  PacketFaultAction,
  ProcSetEvent,
  type ProcSetSchedAction,
  type ShellAction,
} from "../../../src/signal/index.js";
import { loadPolicy } from "../../../src/user-policy/index.js";
import { packet, TestContext } from "../policy/policy-harness.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nmzc-replay-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const batch = { Policy: 3, Flags: 0, Nice: 0, Priority: 0, Runtime: 0, Deadline: 0, Period: 0 };

function decision(more: Partial<RecordedDecision>): RecordedDecision {
  return {
    ...{ entity: "net", hint: "hint", n: 1, event: "PacketEvent" },
    ...{ delayMs: 0, arrivedMs: 0, atMs: 0, about: {} },
    ...more,
  };
}

function replay(...decisions: RecordedDecision[]) {
  const context = new TestContext();
  return { context, policy: new ReplayPolicy(entriesOf(decisions), context) };
}

/** What `random` decided on packets with these hints, in this order, as a trace has it. */
function recorded(seed: string, hints: readonly string[], file: string): RecordedDecision[] {
  const trace = new TraceWriter({ file, run: "r", seed });
  const params = { minInterval: "0ms", maxInterval: "100ms", faultActionProbability: 0.3 };
  const orchestrator = new Orchestrator({
    seed,
    cpuCount: 2,
    observer: trace,
    createPolicy: (context: PolicyContext) => {
      const policy = createPolicy("random", params, context);
      return { name: policy.name, onEvent: (event) => policy.onEvent(event) };
    },
  });
  for (const hint of hints) orchestrator.submit(packet(hint), { deliver: () => {} });
  orchestrator.stop();
  trace.close();
  return [...readDecisions(file)];
}

describe("ReplayPolicy", () => {
  it("decides on the n-th event of a hint what was decided on the n-th, and lets others go at once", () => {
    const { policy } = replay(decision({ n: 2, delayMs: 80 }), decision({ hint: "other", delayMs: 5 }));
    const delays = ["hint", "hint", "hint", "other", "new"].map(
      (hint) => policy.onEvent(packet(hint)).delayMs,
    );
    expect(delays).toEqual([0, 80, 0, 5, 0]);
    expect(policy.onEvent(packet("other", "another net")).delayMs).toBe(0);
  });

  it("answers with a crash after its delay where that was the answer, and crashes at once where it was not", () => {
    const answer = { kind: "crash", isAnswer: true } as const;
    const answered = replay(decision({ fault: answer, delayMs: 80 }));
    expect(answered.policy.onEvent(packet())).toMatchObject({
      delayMs: 80,
      action: { class: "FilesystemCrashAction" },
    });
    expect(answered.context.emitted).toEqual([]);
    const emitted = replay(decision({ fault: { kind: "crash" }, delayMs: 80 }));
    expect(emitted.policy.onEvent(packet())).toMatchObject({
      delayMs: 80,
      action: { class: "EventAcceptanceAction" },
    });
    expect(emitted.context.emitted).toMatchObject([{ class: "FilesystemCrashAction" }]);
  });

  it("repeats faults", () => {
    const fault = { kind: "duplicate", copies: 2 } as const;
    const { policy } = replay(decision({ fault, delayMs: 3 }));
    const { action, delayMs } = policy.onEvent(packet());
    expect(delayMs).toBe(3);
    expect((action as PacketFaultAction).fault).toEqual(fault);
    expect(action).toBeInstanceOf(PacketFaultAction);
  });

  it("gives threads the attributes of those in their places", () => {
    const attributes = [batch, undefined, { ...batch, Nice: 4 }];
    const { policy } = replay(
      decision({ entity: "proc", hint: "threads:3", event: "ProcSetEvent", attributes }),
    );
    const { action } = policy.onEvent(new ProcSetEvent("proc", [70, 5, 31]));
    expect((action as ProcSetSchedAction).attributes).toEqual({ 70: batch, 31: { ...batch, Nice: 4 } });
  });

  it("runs commands at their time", () => {
    const context = new TestContext();
    new ReplayPolicy([{ kind: "command", command: { command: "date", atMs: 40 } }], context);
    expect(context.timers.map(({ periodMs }) => periodMs)).toEqual([40]);
    context.timers[0]!.tick();
    expect((context.emitted[0] as ShellAction).command).toBe("date");
  });

  it("says how much of the record came back", () => {
    const { policy, context } = replay(
      decision({ delayMs: 1 }),
      decision({ n: 2, delayMs: 1 }),
      decision({ n: 3 }),
    );
    policy.onEvent(packet());
    policy.close();
    expect(context.lines).toEqual(["replayed 1 of 2 decisions; 1 event never came"]);
  });

  it("brings every decision of a run back, however the streams are interleaved", () => {
    const hints = fc.array(fc.constantFrom("a", "b", "c"), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(hints, fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })), (order, chance) => {
        const first = recorded("tuna", order, join(folder, "first"));
        const shuffled = [...order]
          .map((hint) => ({ hint, at: chance.next().value as number }))
          .sort((x, y) => x.at - y.at)
          .map(({ hint }) => hint);
        const { policy } = replay(...first);
        for (const hint of shuffled) policy.onEvent(packet(hint));
        expect(policy.counts.replayed).toBe(policy.counts.recorded);
      }),
      { numRuns: 50 },
    );
  });
});

describe("a seed", () => {
  it("decides the same for the same entity, hint and occurrence in another interleaving", () => {
    const what = ({ entity, hint, n, fault, delayMs }: RecordedDecision) =>
      JSON.stringify([entity, hint, n, delayMs, fault]);
    const hints = fc.array(fc.constantFrom("a", "b", "c", "d"), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), hints, (seed, order) => {
        const first = recorded(seed, order, join(folder, "first")).map(what).sort();
        const second = recorded(seed, [...order].sort(), join(folder, "second"))
          .map(what)
          .sort();
        expect(second).toEqual(first);
      }),
      { numRuns: 100 },
    );
  });
});

describe("replay:FOLDER", () => {
  it("is the policy of the run in the folder, or of the latest below it", async () => {
    mkdirSync(join(folder, "out", "one"), { recursive: true });
    recorded("tuna", ["a", "b"], join(folder, "out", "one", "trace.jsonl"));
    symlinkSync("one", join(folder, "out", "latest"));
    for (const path of ["out", "out/latest", "out/one", "out/one/trace.jsonl"]) {
      const entry = await loadPolicy(`replay:${path}`, folder);
      const policy = createPolicyFrom(entry, {}, new TestContext()) as ReplayPolicy;
      expect(policy.counts.recorded).toBe(2);
    }
  });

  it("says where no run is", async () => {
    await expect(loadPolicy("replay:nowhere", folder)).rejects.toMatchObject({ code: "NMZ_RUN_MISSING" });
  });
});
