import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ReplayOptions, ReplayOutcome } from "../../../../src/replay/index.js";
import { runCli } from "../fake-context.js";

let out: string;
beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), "nmzc-cli-replay-"));
  mkdirSync(join(out, "one"));
  writeFileSync(join(out, "one", "run.json"), JSON.stringify({ nmzRun: 2, runId: "one", exitCode: 3 }));
  writeFileSync(join(out, "one", "trace.jsonl"), '{"nmzTrace":2}\n');
  symlinkSync("one", join(out, "latest"));
});
afterEach(() => rmSync(out, { recursive: true }));

/** Runs `nmzc replay` on a workload that ends like this, time after time. */
async function replay(words: readonly string[], outcomes: readonly Partial<ReplayOutcome>[]) {
  const seen: ReplayOptions[] = [];
  let next = 0;
  const finished = await runCli(["nmzc", "replay", ...words, out], {
    services: {
      openReplays: async (_run, options) => {
        seen.push(options);
        return {
          once: async () => ({
            exitCode: 0,
            output: "",
            replayed: 4,
            byPlace: 1,
            recorded: 5,
            ...outcomes[next++],
          }),
        };
      },
    },
  });
  return { ...finished, options: seen[0]! };
}

describe("nmzc replay", () => {
  it("repeats the latest run of a folder once, and ends as its workload does", async () => {
    const { exitCode, options } = await replay([], [{ exitCode: 9 }]);
    expect(exitCode).toBe(9);
    expect(options).toMatchObject({ isQuiet: false, isInteractive: false });
  });

  it("says how often it fails, with an interval, and how often as recorded", async () => {
    const { exitCode, stdout, stderr } = await replay(
      ["--times", "4"],
      [{ exitCode: 3 }, { exitCode: 0 }, { exitCode: 3 }, { exitCode: 1 }],
    );
    expect(exitCode).toBe(0);
    expect(stdout).toBe("fails 3 of 4 (75%; 95% interval 19% to 99.4%)\nas recorded: exit 3 in 2 of 4\n");
    expect(stderr).toContain(
      "2/4: exit 0, did not fail; replayed 4 of 5 decisions, 1 of them by place; 1 event never came",
    );
  });

  it("counts as a failure what it is told to", async () => {
    const outcomes = [
      { exitCode: 3, output: "x\nlost update\n" },
      { exitCode: 3 },
      { exitCode: 0, output: "lost update" },
    ];
    expect((await replay(["--times=3", "--exit-code=3"], outcomes)).stdout).toContain("fails 2 of 3");
    expect((await replay(["--times=3", "--output=^lost"], outcomes)).stdout).toContain("fails 2 of 3");
    const both = ["--times=3", "--output=^lost", "--exit-code=3"];
    expect((await replay(both, outcomes)).stdout).toContain("fails 1 of 3");
  });

  it("names a folder that holds no run", async () => {
    const { exitCode, stderr } = await runCli(["nmzc", "replay", join(out, "nowhere")]);
    expect(exitCode).not.toBe(0);
    expect(stderr).toContain("there is no recorded run");
  });
});
