import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { campaignPlace, linesOf, runsOf, until, upTo } from "../helpers/campaigns.js";
import { machineState } from "../helpers/machine-state.js";
import { requires } from "../helpers/requires.js";
import { runNmzc, startNmzc } from "../helpers/run-nmzc.js";

requires("root", "docker", "fuse", "nfqueue", "iptables", "built", "base-image");

const image = process.env["NMZC_BASE_IMAGE"] ?? "nmzc/base:latest";

let cwd: string;
let remove: () => void;
beforeEach(() => {
  ({ place: cwd, remove } = campaignPlace());
});
afterEach(() => remove());

function loop(...words: readonly string[]) {
  return runNmzc(["loop", "--out", "c", ...words], { cwd });
}

function containersOfRuns(): number {
  const listed = execFileSync("docker", ["ps", "-aq", "--filter", "label=nmzc.run"], { encoding: "utf8" });
  return listed.split("\n").filter(Boolean).length;
}

describe("nmzc loop", () => {
  it("makes shaken and plain runs, two at a time, each with a copy of the volume, and leaves nothing", async () => {
    const before = machineState();
    mkdirSync(join(cwd, "src"));
    writeFileSync(
      join(cwd, "src/run.sh"),
      "ls | wc -l; echo ok 1 - a; test ! -e made && touch made && ! echo 1..1\n",
    );
    const { exitCode, stdout, stderr } = await loop(
      ...["-n", "2", "-j", "2", "--baseline", "--copy-volumes", "-v", "./src:/src", "-w", "/src"],
      ...[image, "sh", "run.sh"],
    );
    expect(exitCode, stderr).toBe(1);
    expect(stdout).toContain("fuzzed: 2 of 2 runs failed");
    expect(stdout).toContain("plain: 2 of 2 runs failed");
    expect(readdirSync(join(cwd, "src"))).toEqual(["run.sh"]);
    for (const { folder, arm, seed } of linesOf(join(cwd, "c"))) {
      const run = join(cwd, "c", folder!);
      expect(readFileSync(join(run, "output.log"), "utf8")).toMatch(/^1\n/);
      expect(readdirSync(run)).not.toContain("volumes");
      const record = JSON.parse(readFileSync(join(run, "latest/run.json"), "utf8"));
      expect(record).toMatchObject({ seed, exitCode: 1 });
      expect(record.inspectors.length > 0).toBe(arm === "fuzzed");
      expect(record.repeat.request.volumes[0]).toMatchObject({ source: join(cwd, "src"), target: "/src" });
      // Events are called by the folder's own name: under the copy's no other run would know them.
      const trace = readFileSync(join(run, "latest/trace.jsonl"), "utf8");
      expect(trace).not.toContain("volumes/0");
    }
    const failed = linesOf(join(cwd, "c")).find(({ arm }) => arm === "fuzzed");
    const replayed = await runNmzc(["replay", join("c", failed!.folder!)], { cwd });
    expect(replayed.exitCode, replayed.stderr).toBe(1);
    expect(machineState()).toEqual(before);
  });

  it("is killed: its runs end and clean up, and --resume makes exactly those that are missing", async () => {
    const before = machineState();
    const started = startNmzc(["loop", "--out", "c", "-n", "4", "-j", "2", image, "sh", "-c", "sleep 1.5"], {
      cwd,
    });
    const ended = () => runsOf(join(cwd, "c")).length;
    await until(() => ended() >= 1 && containersOfRuns() >= 1);
    started.process.kill("SIGKILL");
    await started.finished;
    await until(() => containersOfRuns() === 0);
    expect(ended()).toBeLessThan(4);
    const { exitCode, stdout, stderr } = await runNmzc(["loop", "--resume", "c"], { cwd });
    expect(exitCode, stderr).toBe(0);
    expect(stdout).toContain("0 of 4 runs failed");
    expect(runsOf(join(cwd, "c"))).toEqual(upTo(4));
    await until(() => JSON.stringify(machineState()) === JSON.stringify(before));
  });

  it("ends a container that takes too long and does not hear, and counts it apart", async () => {
    const before = machineState();
    const { exitCode, stdout } = await loop(
      "-n",
      "1",
      "--timeout",
      "2s",
      image,
      "sh",
      "-c",
      "sleep 100; true",
    );
    expect(exitCode).toBe(0);
    expect(stdout).toContain("not counted: 1 timeout");
    expect(machineState()).toEqual(before);
  });

  it("ends its runs when Ctrl-C comes twice, and does not count them", async () => {
    const before = machineState();
    const words = [
      "loop",
      "--out",
      "c",
      "-n",
      "4",
      image,
      "sh",
      "-c",
      "trap 'exit 9' TERM; sleep 100 & wait",
    ];
    const started = startNmzc(words, { cwd });
    await until(() => containersOfRuns() === 1);
    started.process.kill("SIGINT");
    await started.stderrHas("no further run begins");
    started.process.kill("SIGINT");
    const { exitCode, stdout, stderr } = await started.finished;
    expect(exitCode, stderr).toBe(130);
    expect(stdout).toContain("no run passed or failed");
    expect(runsOf(join(cwd, "c"))).toEqual([]);
    expect(machineState()).toEqual(before);
  });

  it("tells the workload's own 125 from a failure of nmzc's", async () => {
    const own = await loop("-n", "1", image, "sh", "-c", "exit 125");
    expect([own.exitCode, own.stdout.split("\n")[0]]).toEqual([
      1,
      "1 of 1 run failed: 100% (95% interval 2.5% to 100%)",
    ]);
    const missing = await runNmzc(["loop", "--out", "d", image, "no-such-command-of-nmzc"], { cwd });
    expect([missing.exitCode, missing.stdout]).toEqual([127, ""]);
    expect(missing.stderr).toContain("3 runs one after another could not be made");
  });
});
