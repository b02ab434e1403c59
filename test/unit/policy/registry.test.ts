import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  createPolicy,
  createPolicyFrom,
  findPolicy,
  policies,
  renderPolicyDocs,
} from "../../../src/policy/index.js";
import { NmzError } from "../../../src/util/index.js";
import { TestContext } from "./policy-harness.js";

function errorOf(name: string, params: Record<string, unknown>): NmzError {
  try {
    createPolicy(name, params, new TestContext());
  } catch (error) {
    if (error instanceof NmzError) return error;
    throw error;
  }
  throw new Error("it was accepted");
}

describe("createPolicy", () => {
  it("makes every policy of the registry from no parameters at all", () => {
    for (const [name, entry] of policies) {
      expect(createPolicyFrom(entry, {}, new TestContext()).name).toBe(name);
      if (name === "pos") continue; // it promises its answers
      expect(createPolicy(name, {}, new TestContext()).name).toBe(name);
    }
  });

  it("names the nearest policy when there is none of that name", () => {
    const error = errorOf("randon", {});
    expect([error.code, error.message]).toEqual(["NMZ_POLICY_UNKNOWN", 'no policy is called "randon"']);
    expect(error.hint).toContain('did you mean "random"?');
    expect(errorOf("mypolicy-yarn-4301", {}).hint).toBe(
      "known: random, dumb, replayable, pct, starve, partition, mix",
    );
    expect(() => findPolicy("poss", policies)).toThrow(
      expect.objectContaining({
        hint: expect.stringMatching(
          /^did you mean "pos"\? known: random, .*, partition, pos, mix$/,
        ) as string,
      }),
    );
  });

  it("lists everything that is wrong with the parameters", () => {
    const error = errorOf("random", { minIntervl: "1ms", procPolicy: "mid", faultActionProbability: 2 });
    expect(error.code).toBe("NMZ_POLICY_PARAM");
    expect(error.message.split("; ")).toEqual([
      'policy "random": unknown key "minIntervl"',
      'did you mean "minInterval"?',
      'procPolicy: expected one of "mild", "extreme", "dirichlet", got "mid"',
      'did you mean "mild"?',
      "faultActionProbability: expected a number from 0 to 1, got 2",
    ]);
  });

  it.each<[string, Record<string, unknown>, string]>([
    [
      "a duration without unit",
      { minInterval: "80" },
      'minInterval: expected a duration of 0 or more, such as "80ms"',
    ],
    ["a negative duration", { minInterval: "-1ms" }, "minInterval: expected a duration of 0 or more"],
    ["no duration", { minInterval: true }, "got true"],
    [
      "an upper bound below the lower",
      { minInterval: "2ms", maxInterval: "1ms" },
      'maxInterval: expected at least minInterval (2ms), got "1ms"',
    ],
    ["a negative probability", { faultActionProbability: -0.1 }, "expected a number from 0 to 1, got -0.1"],
    ["a probability in words", { faultActionProbability: "0.5" }, 'got "0.5"'],
    ["a list of numbers", { prioritizedEntities: [1] }, "prioritizedEntities[0]: expected a string, got 1"],
    [
      "half a thread",
      { procPolicyParam: { prioritized: 0.5 } },
      "procPolicyParam.prioritized: expected a whole number of 0 or more, got 0.5",
    ],
    ["no table", { procPolicyParam: "mild" }, 'procPolicyParam: expected a table of keys, got "mild"'],
    [
      "an unknown nested key",
      { procPolicyParam: { useBacth: true } },
      'unknown key "procPolicyParam.useBacth"; did you mean "procPolicyParam.useBatch"?',
    ],
    ["a key given twice", { minInterval: 1, MININTERVAL: 2 }, '"MININTERVAL" is given twice'],
  ])("refuses %s", (_, params, message) => {
    expect(errorOf("random", params).message).toContain(message);
  });

  it("reads keys whatever their case, nested ones too, and numbers as nanoseconds", () => {
    const policy = createPolicy(
      "random",
      { MinInterval: 3_000_000, procpolicy: "extreme", PROCPOLICYPARAM: { Prioritized: 1 } },
      new TestContext(),
    );
    expect(policy.name).toBe("random");
  });
});

describe("docs/policies.md", () => {
  it("says what the registry says", () => {
    expect(readFileSync("docs/policies.md", "utf8")).toBe(renderPolicyDocs());
  });
});
