import { describe, expect, it } from "vitest";
import { createPolicy } from "../../../src/policy/index.js";
import {
  FilesystemEvent,
  ProcSetEvent,
  type ProcSetSchedAction,
  type ShellAction,
} from "../../../src/signal/index.js";
import { NoticeEvent, packet, TestContext } from "./policy-harness.js";

function delays(params: Record<string, unknown>, count: number, context = new TestContext()): number[] {
  const policy = createPolicy("random", params, context);
  return Array.from({ length: count }, (_, index) => policy.onEvent(packet(`hint ${index}`)).delayMs);
}

describe("random policy", () => {
  it("lets everything go at once and draws nothing when both bounds are 0 and there are no faults", () => {
    const context = new TestContext();
    const policy = createPolicy("random", {}, context);
    for (let index = 0; index < 100; index++) {
      const event = packet();
      const decision = policy.onEvent(event);
      expect(decision.delayMs).toBe(0);
      expect(decision.action.class).toBe("EventAcceptanceAction");
      expect(decision.action.event).toBe(event);
    }
    expect(context.draws).toBe(0);
  });

  it("draws delays uniformly from minInterval up to maxInterval", () => {
    const drawn = delays({ minInterval: "5ms", maxInterval: "50ms" }, 20_000);
    const perTenth = new Array<number>(10).fill(0);
    for (const delayMs of drawn) {
      expect(delayMs).toBeGreaterThanOrEqual(5);
      expect(delayMs).toBeLessThan(50);
      perTenth[Math.floor((delayMs - 5) / 4.5)]! += 1;
    }
    const chiSquare = perTenth.reduce((sum, seen) => sum + (seen - 2000) ** 2 / 2000, 0);
    expect(chiSquare).toBeLessThan(27.9); // 9 degrees of freedom, p = 0.001
  });

  it("makes one queue of equal bounds: each event goes an interval after the one before", () => {
    const context = new TestContext();
    const policy = createPolicy("random", { minInterval: "10ms" }, context);
    expect([1, 2, 3].map(() => policy.onEvent(packet()).delayMs)).toEqual([10, 20, 30]);
    context.nowMs = 25;
    expect(policy.onEvent(packet()).delayMs).toBe(15);
    context.nowMs = 1000;
    expect(policy.onEvent(packet()).delayMs).toBe(10);
    expect(context.draws).toBe(0);
  });

  it("multiplies both bounds by 0.8 for prioritized entities", () => {
    const params = { minInterval: "10ms", maxInterval: "20ms", prioritizedEntities: ["fast"] };
    const [context, other] = [new TestContext(), new TestContext()];
    const policy = createPolicy("random", params, context);
    const same = createPolicy("random", { ...params, prioritizedEntities: [] }, other);
    for (let index = 0; index < 50; index++) {
      const fast = policy.onEvent(packet(`${index}`, "fast")).delayMs;
      expect(fast).toBeCloseTo(0.8 * same.onEvent(packet(`${index}`, "fast")).delayMs, 9);
    }
  });

  it("answers with the event's own fault as often as asked", () => {
    const policy = createPolicy("random", { faultActionProbability: 0.25 }, new TestContext());
    let [drops, failures] = [0, 0];
    for (let index = 0; index < 10_000; index++) {
      if (policy.onEvent(packet(`${index}`)).action.class === "PacketFaultAction") drops += 1;
      const event = new FilesystemEvent("fs", "pre-mkdir", `${index}`);
      if (policy.onEvent(event).action.class === "FilesystemFaultAction") failures += 1;
    }
    for (const faults of [drops, failures]) {
      expect(faults).toBeGreaterThan(2330);
      expect(faults).toBeLessThan(2670);
    }
  });

  it("always faults at probability 1", () => {
    const policy = createPolicy("random", { faultActionProbability: 1 }, new TestContext());
    const classes = Array.from(
      { length: 2000 },
      (_, index) => policy.onEvent(packet(`${index}`)).action.class,
    );
    expect(new Set(classes)).toEqual(new Set(["PacketFaultAction"]));
  });

  it("puts the faults on the same events whatever the bounds are", () => {
    const faults = [{}, { minInterval: "5ms" }, { maxInterval: "50ms" }].map((bounds) => {
      const policy = createPolicy("random", { ...bounds, faultActionProbability: 0.3 }, new TestContext());
      return Array.from({ length: 200 }, (_, index) => policy.onEvent(packet(`${index}`)).action.class);
    });
    expect(faults[1]).toEqual(faults[0]);
    expect(faults[2]).toEqual(faults[0]);
  });

  it("answers a ProcSetEvent at once with attributes for each of its threads", () => {
    const policy = createPolicy("random", { minInterval: "1s" }, new TestContext());
    const decision = policy.onEvent(new ProcSetEvent("proc", [7, 8]));
    expect(decision.delayMs).toBe(0);
    expect(Object.keys((decision.action as ProcSetSchedAction).attributes)).toEqual(["7", "8"]);
  });

  it("does not hold up an event that nobody holds", () => {
    const policy = createPolicy("random", { minInterval: "1s", maxInterval: "2s" }, new TestContext());
    const decision = policy.onEvent(new NoticeEvent("somebody"));
    expect([decision.delayMs, decision.action.class]).toEqual([0, "NopAction"]);
  });

  it("emits the shell command at its interval", () => {
    const context = new TestContext();
    createPolicy("random", { shellActionInterval: "5s", shellActionCommand: "echo hello" }, context);
    expect(context.timers.map((timer) => timer.periodMs)).toEqual([5000]);
    context.timers[0]!.tick();
    expect((context.emitted[0] as ShellAction).command).toBe("echo hello");
  });

  it("sets no timer without a command", () => {
    const context = new TestContext();
    createPolicy("random", { shellActionInterval: "5s" }, context);
    expect(context.timers).toEqual([]);
  });
});
