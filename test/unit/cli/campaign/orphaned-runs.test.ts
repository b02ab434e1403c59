import { spawn } from "node:child_process";
import { describe, expect, it } from "vitest";
import { untilOrphansEnd } from "../../../../src/cli/campaign/orphaned-runs.js";

/** A process that lives until its stdin ends, and was given the folder of a run. */
function orphanOf(folder: string) {
  return spawn("sh", ["-c", "read line", "sh", `--nmz-out=${folder}/runs/000003`], {
    stdio: ["pipe", "ignore", "ignore"],
  });
}

describe("untilOrphansEnd", () => {
  const folder = `/no/such/campaign-${process.pid}`;

  it("waits until the runs have ended that were left behind, and tells of the first once", async () => {
    const orphan = orphanOf(folder);
    const told: number[] = [];
    await untilOrphansEnd(folder, new AbortController().signal, (pid) => {
      told.push(pid);
      orphan.stdin.end();
    });
    expect(told).toEqual([orphan.pid]);
  });

  it("does not wait for the runs of other campaigns, nor when it is stopped", async () => {
    const orphan = orphanOf(folder);
    const told: number[] = [];
    await untilOrphansEnd(`${folder}-2`, new AbortController().signal, (pid) => told.push(pid));
    await untilOrphansEnd(folder, AbortSignal.abort(), (pid) => told.push(pid));
    orphan.stdin.end();
    expect(told).toEqual([]);
  });
});
