import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, rmdirSync, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { cgroupMounts } from "../../runtime/kernel/index.js";
import { ProcInspector, prepareProcInspector } from "../../src/inspector/index.js";
import { Orchestrator } from "../../src/orchestrator/index.js";
import { createPolicy } from "../../src/policy/index.js";
import { LocalTransceiver } from "../../src/transceiver/index.js";
import { UndoStack } from "../../src/util/index.js";
import { parseFigures, yardstick } from "./yardsticks.js";

// No sweep of its own accord while something is timed.
const watchIntervalMs = 3_600_000;

/** A yardstick in a control group of its own, as a workload is in its container's, with the proc inspector attached. */
export interface ShakenProgram {
  readonly inspector: ProcInspector;
  /** Lets the program begin and gives its first line's figures. */
  begin(): Promise<Record<string, number>>;
  /** Lets the program begin and gives its figures when it has ended. */
  toEnd(): Promise<Record<string, number>>;
  dispose(): Promise<void>;
}

/** Policy `random` with its defaults (proc policy mild). The program waits for `begin` or `toEnd`. */
export async function shakeProgram(name: string, args: readonly number[]): Promise<ShakenProgram> {
  const command = yardstick(name);
  const groupName = `nmzc-bench-${process.pid}-${name}`;
  const group = `${groupMountPoint()}/${groupName}`;
  const orchestrator = new Orchestrator({
    seed: "bench",
    cpuCount: 2,
    createPolicy: (context) => createPolicy("random", {}, context),
  });
  const prepared = await prepareProcInspector({
    watchIntervalMs,
    entity: "bench",
    transceiver: new LocalTransceiver(orchestrator),
    undo: new UndoStack(),
    needsRealtime: false,
    onError: (error) => {
      throw error;
    },
  });
  mkdirSync(group);
  const program = spawn(command, args.map(String), { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface(program.stdout)[Symbol.asyncIterator]();
  const { pid = 0 } = await nextFigure(lines);
  writeFileSync(`${group}/cgroup.procs`, String(pid));
  const inspector = await prepared.attach({ kind: "cgroup", pid, containerId: groupName });
  if (!(inspector instanceof ProcInspector)) throw new Error("the proc inspector is of another class");
  return {
    inspector,
    begin: () => {
      program.stdin.write("\n");
      return nextFigure(lines);
    },
    toEnd: async () => {
      program.stdin.write("\n");
      let figures: Record<string, number> = {};
      for await (const line of { [Symbol.asyncIterator]: () => lines })
        figures = { ...figures, ...parseFigures(line) };
      return figures;
    },
    dispose: async () => {
      await inspector.stop();
      orchestrator.stop();
      await ended(program);
      await removeGroup(group);
    },
  };
}

async function nextFigure(lines: AsyncIterator<string>): Promise<Record<string, number>> {
  const { value, done } = await lines.next();
  if (done === true) throw new Error("the program ended before it said anything");
  return parseFigures(value);
}

/** Any hierarchy that a container has a group of its own in. */
function groupMountPoint(): string {
  const mounts = cgroupMounts();
  const mount =
    mounts.find(({ controllers }) => controllers.includes("pids")) ??
    mounts.find(({ version }) => version === 2);
  if (mount === undefined) throw new Error("no cgroup hierarchy is mounted");
  return mount.mountPoint;
}

async function ended(program: ChildProcess): Promise<void> {
  if (program.exitCode !== null || program.signalCode !== null) return;
  const exited = once(program, "exit");
  program.stdin?.end();
  await exited;
}

/** Two thousand children that die with their parent take a moment. */
async function removeGroup(group: string): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      rmdirSync(group);
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EBUSY" || attempt > 200) throw error;
      await sleep(25);
    }
  }
}
