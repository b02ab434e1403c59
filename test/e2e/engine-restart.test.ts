import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { machineState } from "../helpers/machine-state.js";
import { baseImage, requires } from "../helpers/requires.js";
import { startNmzc } from "../helpers/run-nmzc.js";

requires("root", "docker", "fuse", "nfqueue", "built", "base-image");

let folder: string;
let engine: ChildProcess;
let env: NodeJS.ProcessEnv;

/** An engine of our own, so that nobody else's containers feel the restart. */
async function startEngine(): Promise<void> {
  const flags = ["--data-root", "data", "--exec-root", "exec", "--pidfile", "pid", "--host"];
  const args = flags.map((word) => (word.startsWith("-") ? word : join(folder, word)));
  engine = spawn(
    "dockerd",
    [...args, env["DOCKER_HOST"]!, "--bridge=none", "--iptables=false", "--ip6tables=false"],
    { stdio: "ignore" },
  );
  await expect.poll(() => answers(), { timeout: 30_000 }).toBe(true);
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

describe("A run whose engine is restarted", () => {
  it("waits for the engine, passes on how the workload ended, and leaves nothing", async () => {
    const before = machineState();
    const args = [
      "run",
      "--network",
      "none",
      "-v",
      `${join(folder, "volume")}:/v`,
      baseImage,
      "sh",
      "-c",
      'trap "exit 6" TERM; echo ready; while :; do sleep 0.1; done',
    ];
    const nmzc = startNmzc(args, { env });
    await nmzc.stdoutHas("ready");
    await endEngine("SIGTERM"); // stops its containers, as a package upgrade does
    await startEngine();
    const { exitCode, stderr } = await nmzc.finished;
    expect(stderr).toContain("the container engine went away");
    expect(exitCode).toBe(6);
    expect(machineState()).toEqual(before);
  }, 120_000);
});
