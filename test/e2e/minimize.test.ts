import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readDecisions, shakes } from "../../src/record/index.js";
import { machineState } from "../helpers/machine-state.js";
import { requires } from "../helpers/requires.js";
import { runNmzc } from "../helpers/run-nmzc.js";
import { latestTrace } from "../helpers/traces.js";

requires("root", "docker", "fuse", "nfqueue", "iptables", "built", "base-image");

// With this seed the command overtakes the file by more than a hundred milliseconds.
const seed = "c244bb6d14d7fc69";
const image = process.env["NMZC_FLAKY_IMAGE"] ?? "nmzc/flaky:latest";

let out: string;

beforeAll(() => {
  execFileSync("scripts/flaky-image", { stdio: "ignore" });
  out = mkdtempSync(join(tmpdir(), "nmzc-minimize-"));
}, 600_000);

afterAll(() => rmSync(out, { recursive: true, force: true }));

async function recordFailure(): Promise<void> {
  const flags = ["--rm", "--nmz-out", out, "--nmz-autopilot", "examples/tcp-order/autopilot.toml"];
  const workload = ["node", "tcp-order/tcp-order.mjs"];
  let stderr = "";
  for (let attempt = 0; attempt < 5; attempt++) {
    const run = await runNmzc(["run", ...flags, "--nmz-seed", seed, image, ...workload]);
    if (run.exitCode === 1) return;
    stderr = run.stderr;
  }
  throw new Error(`the program did not fail in 5 runs: ${stderr}`);
}

describe("nmzc minimize", () => {
  it("reduces a failing run to fewer decisions, which still make it fail", { timeout: 300_000 }, async () => {
    await recordFailure();
    const before = machineState();
    const recorded = latestTrace(out).length;

    const found = await runNmzc(["minimize", "--max-runs", "64", out]);
    expect(found.exitCode, found.stderr).toBe(0);
    expect(found.stdout).toMatch(/fails \d+ of \d+; without: \d+ of \d+/);
    const left = Number(/^(\d+) of \d+ decisions left after \d+ runs/m.exec(found.stdout)?.[1]);
    expect(left, found.stdout).toBeLessThan(recorded / 2);

    const minimized = join(out, "latest", "minimized");
    const events = [...readDecisions(join(minimized, "trace.jsonl"))];
    expect(events.filter(shakes)).toHaveLength(left);
    const replay = await runNmzc(["replay", "--times", "12", minimized]);
    expect(replay.exitCode, replay.stderr).toBe(0);
    const failures = Number(/^fails (\d+) of 12 /.exec(replay.stdout)?.[1]);
    expect(failures, `${found.stderr}${found.stdout}${replay.stdout}`).toBeGreaterThanOrEqual(3);
    expect(machineState()).toEqual(before);
  });
});
