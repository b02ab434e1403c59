import { describe, expect, it } from "vitest";
import { createPolicy, type PolicyContext } from "../../../src/policy/index.js";
import { fnv1a64 } from "../../../src/policy/replayable-policy.js";
import { ProcSetEvent } from "../../../src/signal/index.js";
import { packet, TestContext } from "./policy-harness.js";

describe("replayable policy", () => {
  // Computed from the published FNV constants.
  it.each([
    ["", "", 0xcbf29ce484222325n, 46_656_037],
    ["", "h1", 0x08ba8707b55f07d2n, 49_030_354],
    ["seed", "h1", 0xd32d71be5fef6a27n, 22_024_743],
    ["14", "abc", 0x813ab454b7814da8n, 90_878_888],
    ["seed", "", 0x2cfad118d3ecc02cn, 11_421_740],
  ])("delays seed %j, hint %j as Namazu does", (seed, hint, hash, delayNs) => {
    expect(fnv1a64(hint, fnv1a64(seed))).toBe(hash);
    const policy = createPolicy("replayable", { maxInterval: "100ms", seed }, new TestContext());
    const { delayMs, action } = policy.onEvent(packet(hint));
    expect(Math.round(delayMs * 1e6)).toBe(delayNs);
    expect(action.class).toBe("EventAcceptanceAction");
  });

  it("prefers the seed in the environment, unless it is empty", () => {
    const delayWith = (environment: Record<string, string>): number => {
      const context: PolicyContext = Object.assign(new TestContext(), { environment });
      const policy = createPolicy("replayable", { maxInterval: "100ms", seed: "14" }, context);
      return Math.round(policy.onEvent(packet("abc")).delayMs * 1e6);
    };
    expect(delayWith({ NMZ_REPLAY_SEED: "" })).toBe(90_878_888);
    expect(delayWith({ NMZ_REPLAY_SEED: "seed" })).not.toBe(90_878_888);
  });

  it("delays nothing with an interval of 0, and nothing that nobody holds", () => {
    const idle = createPolicy("replayable", { maxInterval: 0 }, new TestContext());
    expect(idle.onEvent(packet()).delayMs).toBe(0);
    const policy = createPolicy("replayable", {}, new TestContext());
    expect(policy.onEvent(new ProcSetEvent("proc", [1])).delayMs).toBe(0);
  });
});
