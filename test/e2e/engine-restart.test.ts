import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { machineState } from "../helpers/machine-state.js";
import { baseImage, requires, testEngine } from "../helpers/requires.js";
import { type StartedNmzc, startNmzc } from "../helpers/run-nmzc.js";

requires("root", "docker", "fuse", "nfqueue", "built", "base-image");

/** Of the engine that the tests run on. */
const socketOfTests = (process.env["DOCKER_HOST"] || "unix:///var/run/docker.sock").slice("unix://".length);

/** A socket that leads to the machine's engine, and can be cut. */
class WayToEngine {
  readonly address: string;
  readonly #path: string;
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;

  constructor(path: string) {
    this.#path = path;
    this.address = `unix://${path}`;
  }

  async open(): Promise<void> {
    this.#server = createServer({ allowHalfOpen: true }, (client) => {
      const engine = connect({ path: socketOfTests, allowHalfOpen: true });
      for (const socket of [client, engine]) {
        this.#sockets.add(socket);
        socket.on("error", () => {});
      }
      client.pipe(engine).pipe(client);
    });
    await new Promise<void>((resolve) => this.#server!.listen(this.#path, resolve));
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server!.close(resolve));
    for (const socket of this.#sockets) socket.destroy();
    this.#sockets.clear();
    await closed;
  }
}

let folder: string;
let engine: ChildProcess;
let env: NodeJS.ProcessEnv;

/** Another service on the same store: what ends with it is only its own. */
function podmanService(): [string, readonly string[]] {
  return ["podman", ["system", "service", "--time=0", env["DOCKER_HOST"]!]];
}

/** In a network namespace of its own: an engine without a bridge removes the other engine's docker0. */
function dockerdAlone(): [string, readonly string[]] {
  const flags = ["--data-root", "data", "--exec-root", "exec", "--pidfile", "pid", "--host"];
  const args = flags.map((word) => (word.startsWith("-") ? word : join(folder, word)));
  const bare = ["--bridge=none", "--iptables=false", "--ip6tables=false"];
  return ["unshare", ["--net", "dockerd", ...args, env["DOCKER_HOST"]!, ...bare]];
}

/** An engine of our own, so that nobody else's containers feel the restart. */
async function startEngine(): Promise<void> {
  const [program, args] = testEngine === "podman" ? podmanService() : dockerdAlone();
  engine = spawn(program, args, { stdio: "ignore" });
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
  if (testEngine === "podman") return;
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
  // The difference "restart" of runtime/engine/engine-differences.ts: Docker stops its containers, as a package upgrade does.
  const [script, exitCodeThen] =
    testEngine === "docker" ? [untilTerm, 6] : ["echo ready; sleep 4; exit 9", 9];

  it("passes on how the workload ended, and leaves nothing", async () => {
    const before = machineState();
    const nmzc = startRun(script);
    await nmzc.stdoutHas("ready");
    await endEngine("SIGTERM");
    if (testEngine === "podman") await startEngine();
    const { exitCode, stderr } = await nmzc.finished;
    expect(exitCode).toBe(exitCodeThen);
    expect(stderr).not.toContain("could not undo");
    // A Podman of our own has the containers of the tests' one.
    const left = machineState().containers.filter((container) => !before.containers.includes(container));
    if (left.length > 0) execFileSync("docker", ["rm", ...left], { stdio: "ignore" });
    expect(machineState()).toEqual(before);
    if (testEngine === "docker") await startEngine();
  }, 120_000);
});

describe("A run whose engine cannot be reached for a while", () => {
  it("waits for the engine, and passes on how the workload ended", async () => {
    const before = machineState();
    const way = new WayToEngine(join(folder, "way.sock"));
    await way.open();
    const args = [
      "run",
      "-v",
      `${join(folder, "volume")}:/v`,
      baseImage,
      "sh",
      "-c",
      "echo ready; sleep 2; exit 8",
    ];
    const nmzc = startNmzc(args, { env: { ...process.env, DOCKER_HOST: way.address } });
    await nmzc.stdoutHas("ready");
    await way.close();
    await new Promise((resolve) => setTimeout(resolve, 3000));
    await way.open();
    const { exitCode, stderr } = await nmzc.finished;
    await way.close();
    expect(stderr).toContain("the container engine went away");
    expect(exitCode).toBe(8);
    const id = machineState().containers.find((container) => !before.containers.includes(container))!;
    execFileSync("docker", ["rm", id], { stdio: "ignore" });
    expect(machineState()).toEqual(before);
  }, 60_000);
});
