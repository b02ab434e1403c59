import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runVersion, writeEntries } from "../../../../src/record/index.js";
import { entriesOf } from "../../../../src/replay/index.js";
import { packetDecision } from "../../replay/simulated-workload.js";
import { runCli } from "../fake-context.js";

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), "nmzt-explain-"));
});
afterEach(() => rmSync(cwd, { recursive: true }));

/** A run of five packets, of which the third is held for so long. */
function writeRun(index: number, exitCode: number | undefined, delayMs = 0): void {
  const folder = join(cwd, "out", `run-${index}`);
  mkdirSync(folder, { recursive: true });
  const decisions = [0, 1, 2, 3, 4].map((packet) => packetDecision(packet, packet === 2 ? delayMs : 0));
  writeEntries(join(folder, "trace.jsonl"), { run: `run-${index}`, seed: "1" }, entriesOf(decisions));
  if (exitCode === undefined) return;
  const startedAt = new Date(index * 1000).toISOString();
  const result = { nmzRun: runVersion, command: ["true"], startedAt, endedAt: startedAt, exitCode };
  writeFileSync(join(folder, "run.json"), JSON.stringify(result));
}

const explain = (...args: string[]) => runCli(["nmz", "explain", ...args, "out"], { cwd });

describe("nmz explain", () => {
  it("lists what predicts failure", async () => {
    for (let index = 0; index < 20; index++) writeRun(index, index % 2, (index % 2) * 80);
    const { exitCode, stdout } = await explain();
    expect(exitCode).toBe(0);
    expect(stdout).toContain("10 of 20 runs failed");
    expect(stdout).toMatch(
      /10 of 10 +0 of 10 +\S+ +the first data packet 10\.0\.0\.2→10\.0\.0\.3:82 held up\n/,
    );
  });

  it("writes JSON with the keys of the events", async () => {
    for (let index = 0; index < 20; index++) writeRun(index, index % 2, (index % 2) * 80);
    const { predictors } = JSON.parse((await explain("--json", "--top", "1")).stdout);
    expect(predictors).toHaveLength(1);
    expect(predictors[0].events).toEqual([{ entity: "net", hint: packetDecision(2).hint, n: 1 }]);
  });

  it("counts only the exit code that it is told as a failure", async () => {
    for (let index = 0; index < 20; index++) writeRun(index, index % 2 === 0 ? 1 : 42, (index % 2) * 80);
    expect((await explain()).stdout).toContain("all 20 runs failed");
    expect((await explain("--exit-code", "42")).stdout).toContain("10 of 20 runs failed");
  });

  it("leaves out killed runs and runs without a trace, and says so", async () => {
    for (let index = 0; index < 20; index++) writeRun(index, index % 2, (index % 2) * 80);
    writeRun(20, undefined);
    writeRun(21, 1);
    rmSync(join(cwd, "out", "run-21", "trace.jsonl"));
    const { stdout, stderr } = await explain();
    expect(stdout).toContain("10 of 20 runs failed");
    expect(stderr).toMatch(/1 run is left out: killed/);
    expect(stderr).toMatch(/1 run is left out: without a trace/);
  });

  it("says when too few runs failed, or passed, and exits with 1", async () => {
    for (let index = 0; index < 5; index++) writeRun(index, 0);
    expect(await explain()).toMatchObject({
      exitCode: 1,
      stdout: expect.stringContaining("none of 5 runs failed"),
    });
    writeRun(5, 1, 80);
    expect(await explain()).toMatchObject({ exitCode: 1, stdout: expect.stringContaining("too few") });
  });

  it("fails on a folder without runs", async () => {
    const { exitCode, stderr } = await explain();
    expect(exitCode).toBe(1);
    expect(stderr).toContain("no run in");
  });
});
