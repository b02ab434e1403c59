import { describe, expect, it } from "vitest";
import { createPolicy } from "../../../src/policy/index.js";
import { ProcSetEvent } from "../../../src/signal/index.js";
import { packet, TestContext } from "./policy-harness.js";

describe("dumb policy", () => {
  it("lets everything go at once by default", () => {
    const policy = createPolicy("dumb", {}, new TestContext());
    expect(policy.onEvent(packet()).delayMs).toBe(0);
  });

  it("lets events go one after another, an interval apart", () => {
    const context = new TestContext();
    const policy = createPolicy("dumb", { interval: "80ms" }, context);
    expect([1, 2, 3].map(() => policy.onEvent(packet()).delayMs)).toEqual([80, 160, 240]);
    context.nowMs = 200;
    expect(policy.onEvent(packet()).delayMs).toBe(120);
    context.nowMs = 10_000;
    expect(policy.onEvent(packet()).delayMs).toBe(80);
  });

  it("answers a ProcSetEvent at once with nothing to do", () => {
    const policy = createPolicy("dumb", { interval: "80ms" }, new TestContext());
    const decision = policy.onEvent(new ProcSetEvent("proc", [1, 2]));
    expect([decision.delayMs, decision.action.class]).toEqual([0, "NopAction"]);
    expect(policy.onEvent(packet()).delayMs).toBe(80);
  });

  it("never draws and never faults", () => {
    const context = new TestContext();
    const policy = createPolicy("dumb", { interval: "1ms" }, context);
    for (let index = 0; index < 100; index++) {
      expect(policy.onEvent(packet()).action.class).toBe("EventAcceptanceAction");
    }
    expect(context.draws).toBe(0);
  });
});
