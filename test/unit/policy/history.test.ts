import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { defaultAutopilot } from "../../../src/config/index.js";
import { openOrchestrator } from "../../../src/orchestrator/index.js";
import {
  definePolicy,
  type EarlierRun,
  type PolicyEntry,
  PolicyTrial,
  policies,
} from "../../../src/policy/index.js";
import { OutFolder, readDecisions } from "../../../src/record/index.js";
import { loadPolicy } from "../../../src/user-policy/index.js";
import { UndoStack } from "../../../src/util/index.js";
import { packet } from "./policy-harness.js";

let outDir: string;
beforeEach(() => {
  outDir = mkdtempSync(join(tmpdir(), "nmzt-history-"));
});
afterEach(() => rmSync(outDir, { recursive: true }));

const hints = Array.from({ length: 12 }, (_, index) => `hint ${index % 5}`);

/** Records a run of a policy in the folder; what was decided in it, in the order of arrival. */
async function record(run: string, entry: PolicyEntry, params: Record<string, unknown>, exitCode: number) {
  const out = new OutFolder<object>(outDir, run);
  const undo = new UndoStack();
  const lines: string[] = [];
  const warnings: string[] = [];
  const { autopilot } = defaultAutopilot(policies);
  const orchestrator = openOrchestrator(
    {
      autopilot: { ...autopilot, explorePolicy: entry.name, explorePolicyParam: params },
      policies: new Map([[entry.name, entry]]),
      run,
      seed: run,
      outDir,
      traceFile: out.traceFile,
      onWarning: (line) => warnings.push(line),
      onLog: (line) => lines.push(line),
    },
    undo,
  );
  await Promise.all(
    hints.map(
      (hint) => new Promise<void>((done) => orchestrator.submit(packet(hint), { deliver: () => done() })),
    ),
  );
  await undo.unwind(5000);
  const time = new Date().toISOString();
  const command = ["npm", "test"];
  out.write({
    runId: run,
    seed: run,
    command,
    startedAt: time,
    endedAt: time,
    exitCode,
    warnings,
    autopilot: {},
  });
  const decided: Record<string, number> = {};
  for (const { hint, n, delayMs } of readDecisions(out.traceFile)) decided[`${hint} ${n}`] = delayMs;
  return { decided, lines, warnings };
}

/** A policy that keeps what it is told of earlier runs. */
function spy(): { entry: PolicyEntry; seen: (readonly EarlierRun[])[] } {
  const seen: (readonly EarlierRun[])[] = [];
  const entry = definePolicy({
    name: "spy",
    create: ({ history }) => {
      seen.push(history);
      return { onEvent: () => {} };
    },
  });
  return { entry, seen };
}

describe("The history that a policy sees", () => {
  it("is the runs of the same folder that have ended, with their decisions, and not the run itself", async () => {
    const { entry, seen } = spy();
    const first = await record("first", policies.get("random")!, { maxInterval: "5ms" }, 1);
    await record("second", entry, {}, 0);
    mkdirSync(join(outDir, "killed"));
    writeFileSync(join(outDir, "killed", "trace.jsonl"), '{"nmzTrace":1}\n');
    await record("third", entry, {}, 0);
    expect(seen[0]!.map(({ run }) => run)).toEqual(["first"]);
    expect(seen[1]!.map(({ run, failed, exitCode }) => [run, failed, exitCode]).sort()).toEqual([
      ["first", true, 1],
      ["second", false, 0],
    ]);
    const [run] = seen[0]!;
    expect(run).toMatchObject({ seed: "first", command: ["npm", "test"] });
    const decided: Record<string, number> = {};
    for (const { hint, n, delayMs } of run!.decisions()) decided[`${hint} ${n}`] = delayMs;
    expect(decided).toEqual(first.decided);
    expect(Object.values(decided).some((delayMs) => delayMs > 0)).toBe(true);
  });

  it("says once what of it cannot be read, and nothing where the policy does not ask", async () => {
    for (const name of ["old", "older"]) {
      mkdirSync(join(outDir, name));
      writeFileSync(join(outDir, name, "run.json"), '{"nmzRun":1}');
    }
    const { entry, seen } = spy();
    const { warnings } = await record("run", entry, {}, 0);
    expect(seen).toEqual([[]]);
    expect(warnings).toEqual([
      expect.stringMatching(/^the policy sees 0 earlier runs, and not 2 more: .*run\.json is of version 1/),
    ]);
    expect((await record("next", policies.get("random")!, {}, 0)).warnings).toEqual([]);
  });

  it("is empty where nothing is recorded", () => {
    const { entry, seen } = spy();
    new PolicyTrial(entry);
    expect(seen).toEqual([[]]);
  });
});

describe("examples/policies/near-what-failed.ts", () => {
  it("repeats the delays of a run that failed, in another run with another seed", async () => {
    const entry = await loadPolicy("./near-what-failed.ts", "examples/policies");
    const exploring = await record("passed", entry, { late: 1, maxDelay: "9ms" }, 0);
    expect(exploring.lines).toEqual(["policy: none of 0 earlier runs failed: exploring"]);
    const failed = await record("failed", entry, { late: 1, maxDelay: "9ms" }, 3);
    const near = await record("near", entry, { change: 0 }, 0);
    expect(near.lines[0]).toContain("near run failed (seed failed), one of 1 that failed");
    expect(near.decided).toEqual(failed.decided);
    expect(failed.decided).not.toEqual(exploring.decided);
    expect(new Set(Object.values(near.decided)).size).toBeGreaterThan(5);
  });

  it("changes as many decisions as it is told to, and draws those that the earlier run did not have", async () => {
    const entry = await loadPolicy("./near-what-failed.ts", "examples/policies");
    const decisions = Array.from({ length: 1000 }, (_, index) => ({ hint: `${index}`, delayMs: 7 }));
    const trial = new PolicyTrial(
      entry,
      { change: 0.25, late: 0 },
      { history: [{ exitCode: 1, decisions }, { decisions: [{ hint: "1" }] }] },
    );
    let changed = 0;
    for (const { hint } of decisions) {
      const { delayMs } = await trial.ask(trial.packet({ hint }));
      expect([0, 7]).toContain(delayMs);
      if (delayMs === 0) changed += 1;
    }
    expect(changed).toBeGreaterThan(180);
    expect(changed).toBeLessThan(320);
    expect(await trial.ask(trial.packet({ hint: "1" }))).toMatchObject({ delayMs: 0 });
  });
});
