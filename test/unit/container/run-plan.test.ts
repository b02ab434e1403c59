import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { planRun } from "../../../src/container/run-plan.js";
import type { RunRequest } from "../../../src/container/run-request.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nmzc-plan-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function request(changes: Partial<RunRequest> = {}): RunRequest {
  return {
    body: { Image: "debian", HostConfig: {} },
    name: undefined,
    platform: undefined,
    pull: "missing",
    volumes: [],
    volumesFrom: [],
    isInteractive: false,
    hasTty: false,
    isDetached: false,
    removeAtEnd: true,
    forwardSignals: true,
    detachKeys: [16, 17],
    cidFile: undefined,
    autopilotFile: undefined,
    seed: undefined,
    disabled: new Set(),
    outDir: undefined,
    ...changes,
  } as RunRequest;
}

describe("planRun", () => {
  it("shakes everything when no autopilot is given", async () => {
    expect([...(await planRun(request())).inspectors].sort()).toEqual(["ethernet", "fs", "proc"]);
  });

  it("leaves out what is disabled", async () => {
    expect([...(await planRun(request({ disabled: new Set(["ethernet", "proc"]) }))).inspectors]).toEqual([
      "fs",
    ]);
  });

  it("takes the autopilot's word for each inspector", async () => {
    const file = join(folder, "a.toml");
    writeFileSync(file, "[container]\nenableProcInspector = false\n");
    expect([...(await planRun(request({ autopilotFile: file }))).inspectors]).toEqual(["fs"]);
  });

  it("keeps a seed that was given and makes a new one otherwise", async () => {
    expect((await planRun(request({ seed: "tuna" }))).seed).toBe("tuna");
    expect((await planRun(request())).seed).not.toBe((await planRun(request())).seed);
    expect((await planRun(request())).runId).not.toBe((await planRun(request())).runId);
    expect((await planRun(request(), { runId: "one", logFile: "/dev/null" })).runId).toBe("one");
  });

  it("refuses wrong policy parameters before anything is touched", async () => {
    const file = join(folder, "b.toml");
    writeFileSync(file, "[explorePolicyParam]\nminIntervall = 3\n");
    await expect(planRun(request({ autopilotFile: file }))).rejects.toThrow(/minIntervall[\s\S]*minInterval/);
  });
});
