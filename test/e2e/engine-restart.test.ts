import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { machineState } from "../helpers/machine-state.js";
import { baseImage, requires } from "../helpers/requires.js";
import { type StartedNmzc, startNmzc } from "../helpers/run-nmzc.js";

requires("root", "docker", "fuse", "nfqueue", "built", "base-image");

let folder: string;
let engine: ChildProcess;
let env: NodeJS.ProcessEnv;

/** An engine of our own, so that nobody else's containers feel the restart. */
async function startEngine(): Promise<void> {
  const flags = ["--data-root", "data", "--exec-root", "exec", "--pidfile", "pid", "--host"];
  const args = flags.map((word) => (word.startsWith("-") ? word : join(folder, word)));
  // In a network namespace of its own: an engine without a bridge removes the other engine's docker0.
  engine = spawn(
    "unshare",
    [
      "--net",
      "dockerd",
      ...args,
      env["DOCKER_HOST"]!,
      "--bridge=none",
      "--iptables=false",
      "--ip6tables=false",
    ],
    { stdio: "ignore" },
  );
  await vi.waitFor(() => expect(answers()).toBe(true), { timeout: 30_000, interval: 100 });
}

function answers(): boolean {
  try {
    execFileSync("docker", ["version"], { env, stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

async function endEngine(signal: NodeJS.Signals): Promise<void> {
  const ended = new Promise((resolve) => engine.once("exit", resolve));
  engine.kill(signal);
  await ended;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "nmzc-engine-"));
  mkdirSync(join(folder, "volume"));
  env = { ...process.env, DOCKER_HOST: `unix://${join(folder, "docker.sock")}` };
  await startEngine();
  execFileSync("sh", ["-c", `docker -H unix:///var/run/docker.sock save ${baseImage} | docker load`], {
    env,
    stdio: "ignore",
  });
}, 120_000);

afterAll(async () => {
  await endEngine("SIGTERM");
  execFileSync("sh", ["-c", `umount ${folder}/exec/netns/* 2>/dev/null; true`]);
  rmSync(folder, { recursive: true, force: true });
});

const untilTerm = 'trap "exit 6" TERM; echo ready; while :; do sleep 0.1; done';

function startRun(script: string): StartedNmzc {
  const volume = `${join(folder, "volume")}:/v`;
  return startNmzc(["run", "--network", "none", "-v", volume, baseImage, "sh", "-c", script], { env });
}

describe("A run whose engine is restarted", () => {
  it("passes on how the workload ended when the engine stops it, and leaves nothing", async () => {
    const before = machineState();
    const nmzc = startRun(untilTerm);
    await nmzc.stdoutHas("ready");
    await endEngine("SIGTERM"); // stops its containers, as a package upgrade does
    const { exitCode, stderr } = await nmzc.finished;
    expect(exitCode).toBe(6);
    expect(stderr).not.toContain("could not undo");
    expect(machineState()).toEqual(before);
    await startEngine();
  }, 120_000);

  it("waits for an engine that was killed, and passes on how the workload ended meanwhile", async () => {
    const before = machineState();
    const nmzc = startRun("echo ready; sleep 3; exit 8");
    await nmzc.stdoutHas("ready");
    await endEngine("SIGKILL");
    await new Promise((resolve) => setTimeout(resolve, 1000));
    await startEngine();
    const { exitCode, stderr } = await nmzc.finished;
    expect(stderr).toContain("the container engine went away");
    // An engine that finds its containers running after a crash stops them, unless it was told to keep them.
    expect([8, 137, 143]).toContain(exitCode);
    expect(machineState()).toEqual(before);
  }, 120_000);
});
