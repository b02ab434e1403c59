import { describe, expect, it } from "vitest";
import { defaultAutopilot } from "../../../src/config/index.js";
import type { RunFile } from "../../../src/record/index.js";
import { recordedConfig } from "../../../src/replay/index.js";

describe("recordedConfig", () => {
  it("has the default of each key that the record lacks, at any depth, and the record's value of all others", () => {
    const { proc, fs } = defaultAutopilot().autopilot;
    const autopilot = { explorePolicy: "random", explorePolicyParam: {}, proc: { cpus: 1 } };
    const run = { runId: "r", autopilot } as unknown as RunFile;
    const { loaded } = recordedConfig(run, []);
    expect(loaded.autopilot.proc).toEqual({ ...proc, cpus: 1 });
    expect(loaded.autopilot.proc.clockOffset).toEqual({ monotonicMs: 0, boottimeMs: 0 });
    expect(loaded.autopilot.fs).toEqual(fs);
    expect(loaded.autopilot.explorePolicy).toBe("replay:r");
  });
});
