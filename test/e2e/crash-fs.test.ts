import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { machineState } from "../helpers/machine-state.js";
import { baseImage, requires } from "../helpers/requires.js";
import { runNmzc, startNmzc } from "../helpers/run-nmzc.js";

requires("root", "docker", "fuse", "built", "base-image");

const writer =
  "printf safe > /files/safe; sync /files/safe; printf lost > /files/log; printf old > /files/both; sync /files/both; printf newer > /files/both; echo written; while :; do sleep 0.1; done";

let folder: string;
let files: string;
let name: string;
let count = 0;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nmzc-crash-"));
  files = join(folder, "files");
  name = `nmzt-crash-${process.pid}-${count++}`;
  mkdirSync(files);
  writeFileSync(join(folder, "crash.toml"), 'explorePolicy = "dumb"\n[fs]\ncrash = true\n');
});

afterEach(() => {
  spawnSync("docker", ["rm", "-f", name], { stdio: "ignore" }); // refused while the run itself removes it
  rmSync(folder, { recursive: true, force: true });
});

function run(more: readonly string[] = ["--nmz-autopilot", join(folder, "crash.toml")]) {
  return [
    ...["run", "--rm", "--name", name, ...more],
    ...["-v", `${files}:/files`, baseImage, "bash", "-c", writer],
  ];
}

function contents(): Record<string, string> {
  return Object.fromEntries(
    readdirSync(files).map((file) => [file, readFileSync(join(files, file), "utf8")]),
  );
}

describe("nmzc crash-fs", () => {
  it("kills the container, loses what was not synced, and says what, and nothing is left behind", async () => {
    const before = machineState();
    const { stdoutHas, finished } = startNmzc(run());
    await stdoutHas("written");
    const label = ["inspect", "-f", '{{index .Config.Labels "nmzc.run"}}', name];
    const runId = execFileSync("docker", label).toString().trim();
    expect(statSync(`/run/nmzc/${runId}/control.sock`).mode & 0o777).toBe(0o600);
    const { exitCode, stdout, stderr } = await runNmzc(["crash-fs", name]);
    expect(stderr).toBe("");
    expect(stdout).toMatch(/^lost \d+ writes \(\d+ bytes\) in 2 files: (log, both|both, log)\n$/);
    expect(exitCode).toBe(0);
    const ended = await finished;
    expect(ended.exitCode, ended.stderr).toBe(137);
    expect(ended.stderr).toMatch(/Faults injected: 1 \(crash 1\)/);
    expect(contents().safe).toBe("safe");
    expect(contents().log ?? "").toBe("");
    expect(contents().both).toBe("old");
    await expect.poll(() => machineState(), { timeout: 10_000 }).toEqual(before);
  });

  it("leaves the processes of a run in the background alive with --keep-running", async () => {
    const before = machineState();
    const started = await runNmzc(["run", "-d", ...run().slice(1)]);
    expect(started.exitCode, started.stderr).toBe(0);
    await expect.poll(() => contents().both, { timeout: 20_000 }).toBe("newer");
    const { stdout, stderr } = await runNmzc(["crash-fs", "--keep-running", name]);
    expect(stdout, stderr).toMatch(/^lost .* in 2 files: /);
    expect(contents().both).toBe("old");
    expect((await runNmzc(["crash-fs", "--keep-running", name])).stdout).toBe(
      "lost nothing: everything was synced\n",
    );
    const seen = await runNmzc(["exec", name, "cat", "/files/safe", "/files/log"]);
    expect(seen).toMatchObject({ exitCode: 0, stdout: "safe" });
    expect((await runNmzc(["stop", "-t", "0", name])).exitCode).toBe(0);
    await expect.poll(() => machineState(), { timeout: 20_000 }).toEqual(before);
  });

  it("says which key to set where nothing was remembered, and which container is not there", async () => {
    const { stdoutHas, finished } = startNmzc(run([]));
    await stdoutHas("written");
    const { exitCode, stderr } = await runNmzc(["crash-fs", name]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain("do not remember what was not synced");
    expect(stderr).toContain('"crash = true" below [fs]');
    expect((await runNmzc(["crash-fs", "nmzt-nobody"])).stderr).toContain("no such container: nmzt-nobody");
    execFileSync("docker", ["kill", name], { stdio: "ignore" });
    await finished;
    expect(contents().both).toBe("newer");
  });
});

describe("a policy that crashes a container", () => {
  it("kills it and loses what was renamed without a sync, and a replay does so again", async () => {
    const before = machineState();
    const policy = fileURLToPath(new URL("../../examples/policies/crash-after-rename.ts", import.meta.url));
    writeFileSync(
      join(folder, "policy.toml"),
      `explorePolicy = ${JSON.stringify(policy)}\n[fs]\ncrash = true\nhooks = ["pre-create", "pre-write", "pre-fsync", "pre-rename"]\n`,
    );
    const replacing = "echo a=2 > /files/config.new; mv /files/config.new /files/config; sleep 100";
    const renew = () => writeFileSync(join(files, "config"), "a=1\n");
    renew();
    const recorded = await runNmzc([
      ...["run", "--rm", "--name", name, "--nmz-autopilot", join(folder, "policy.toml")],
      ...["--nmz-out", join(folder, "out"), "--nmz-disable", "ethernet,proc"],
      ...["-v", `${files}:/files`, baseImage, "bash", "-c", replacing],
    ]);
    expect(recorded.exitCode, recorded.stderr).toBe(137);
    expect(recorded.stderr).toContain("the power is cut after the rename of config.new");
    expect(recorded.stderr).toMatch(/\bcrash 1\b/);
    expect(contents()).toEqual({ config: "" });
    renew();
    const replayed = await runNmzc(["replay", join(folder, "out", "latest")]);
    expect(replayed.stderr).toContain("replayed 1 of 1 decision");
    expect(replayed.exitCode, replayed.stderr).toBe(137);
    expect(contents()).toEqual({ config: "" });
    await expect.poll(() => machineState(), { timeout: 10_000 }).toEqual(before);
  });
});
