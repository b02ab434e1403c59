import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  getAffinity,
  isProcessStopped,
  namesOfProcess,
  processStartTicks,
  threadsOfProcess,
  trySetAffinity,
  walkProcessTree,
} from "../../../runtime/kernel/index.js";
import type { ProcInspector } from "../../../src/inspector/proc/index.js";
import { prepareProcInspector } from "../../../src/inspector/proc/index.js";
import {
  type ActionSink,
  type Event,
  type ProcessFault,
  ProcFaultAction,
  type ProcSetEvent,
} from "../../../src/signal/index.js";
import type { UndoRecord } from "../../../src/util/index.js";
import { UndoStack } from "../../../src/util/index.js";
import { requires } from "../../helpers/requires.js";
import { eventually } from "./shaking.js";

requires("root", "proc-events", "built");

/** A shell with two children that write who they are, and wait. */
const family = `sh -c 'echo "a $$ $MARK $PWD" >>"$0"; while :; do sleep 0.05; done' "$0" one &
sh -c 'while :; do sleep 0.05; done' "$0" &
sleep 1000 & wait; sleep 1000`;

describe("ProcInspector with faults", () => {
  let folder: string;
  let root: ChildProcess;
  let undo: UndoStack;
  let records: Map<number, UndoRecord>;
  let inspector: ProcInspector;
  let sweep: { readonly event: ProcSetEvent; readonly sink: ActionSink };
  let births: ProcSetEvent[];
  const errors: unknown[] = [];

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "nmzc-test-faults-"));
    root = spawn("sh", ["-c", family, join(folder, "log")], {
      stdio: "ignore",
      cwd: folder,
      env: { ...process.env, MARK: "m a r k" },
      detached: true,
    });
    await once(root, "spawn");
    await eventually("the family is there", () => sleepers().length === 1 && lines().length === 1);
    records = new Map();
    undo = new UndoStack({
      add: (id, record) => records.set(id, record),
      remove: (id) => records.delete(id),
    });
    births = [];
    const prepared = await prepareProcInspector({
      watchIntervalMs: 100,
      entity: "test",
      transceiver: {
        send: (event: Event, sink: ActionSink) => {
          const set = event as ProcSetEvent;
          if (set.isBirth) births.push(set);
          else sweep = { event: set, sink };
        },
        stop: async () => {},
      } as never,
      undo,
      needsRealtime: false,
      onError: (error) => errors.push(error),
    });
    inspector = await prepared.attach({ kind: "tree", pid: root.pid! });
  });

  afterEach(async () => {
    await inspector.stop();
    expect(await undo.unwind()).toEqual([]);
    process.kill(-root.pid!, "SIGKILL");
    rmSync(folder, { recursive: true, force: true });
    expect(errors).toEqual([]);
    expect(records.size).toBe(0);
  });

  const lines = (): string[] => {
    try {
      return readFileSync(join(folder, "log"), "utf8").trim().split("\n");
    } catch {
      return [];
    }
  };
  const members = () =>
    walkProcessTree([root.pid!]).pids.filter((pid) => processStartTicks(pid) !== undefined);
  const sleepers = () =>
    members().filter(
      (pid) =>
        namesOfProcess(pid).includes("sleep") &&
        readFileSync(`/proc/${pid}/cmdline`, "latin1").includes("1000"),
    );
  const inflict = (fault: ProcessFault) =>
    sweep.sink.deliver(sweep.event, new ProcFaultAction(sweep.event, fault));
  const longSleeper = (): number => sleepers()[0]!;
  /** Where among all processes called so a pid stands. */
  const placeOf = (pid: number, name: string): number => {
    const named = members()
      .filter((one) => namesOfProcess(one).includes(name))
      .sort((a, b) => processStartTicks(a)! - processStartTicks(b)! || a - b);
    return (named.indexOf(pid) + 0.5) / named.length;
  };
  const first = (): number => Number(lines()[0]!.split(" ")[1]);

  it("pauses a process for a while", async () => {
    inflict({ kind: "pause", process: "s*h", place: placeOf(first(), "sh"), forMs: 300 });
    expect([...records.values()]).toEqual([
      { kind: "stopped-process", pid: first(), startTicks: processStartTicks(first()) },
    ]);
    await eventually("it is stopped", () => isProcessStopped(first()));
    await eventually("it goes on", () => !isProcessStopped(first()));
    expect(inspector.report().faults).toEqual({ pause: 1 });
    expect(inspector.report().refusals).toEqual({});
  });

  it("lets a paused process go on when the run ends", async () => {
    inflict({ kind: "pause", process: "sh", place: placeOf(first(), "sh"), forMs: 1_000_000 });
    await eventually("it is stopped", () => isProcessStopped(first()));
    await inspector.stop();
    await eventually("it goes on", () => !isProcessStopped(first()));
  });

  it("leaves a process stopped that the user had stopped", async () => {
    process.kill(first(), "SIGSTOP");
    await eventually("it is stopped", () => isProcessStopped(first()));
    inflict({ kind: "pause", process: "sh", place: placeOf(first(), "sh"), forMs: 0 });
    await inspector.stop();
    expect(isProcessStopped(first())).toBe(true);
    expect(inspector.report()).toMatchObject({
      faults: {},
      refusals: { "pause sh: somebody else has stopped it": 1 },
    });
  });

  it("kills by the name of a signal, and refuses a name that is none", async () => {
    const pid = first();
    const place = placeOf(pid, "sh");
    inflict({ kind: "kill", process: "sh", place, signal: "SIGNONE" });
    inflict({ kind: "kill", process: "sh", place, signal: "SIGTERM" });
    await eventually("it has ended", () => processStartTicks(pid) === undefined);
    expect(inspector.report()).toMatchObject({
      faults: { kill: 1 },
      refusals: { "kill sh: there is no signal SIGNONE (kill -l lists them)": 1 },
    });
  });

  it("says once with a number what matched no process", () => {
    for (let n = 0; n < 3; n++) inflict({ kind: "kill", process: "redis*", place: 0, signal: "SIGKILL" });
    expect(inspector.report()).toMatchObject({
      faults: {},
      refusals: { "kill: no process is called redis*": 3 },
    });
  });

  it("starts a killed process again as it was, shakes it, and ends it with the run", async () => {
    const old = first();
    inflict({ kind: "restart", process: "sh", place: placeOf(old, "sh"), downMs: 50 });
    await eventually("it has ended", () => processStartTicks(old) === undefined);
    await eventually("it has started again", () => lines().length === 2);
    const [, pid, ...rest] = lines()[1]!.split(" ");
    expect(rest.join(" ")).toBe(`m a r k ${folder}`);
    const again = Number(pid);
    await eventually("it is swept", () => sweep.event.threadIds.includes(again));
    expect(births.some(({ threadIds }) => threadIds.includes(again))).toBe(true);
    expect(inspector.report()).toMatchObject({ faults: { restart: 1 }, refusals: {} });
    await inspector.stop();
    await undo.unwind();
    await eventually("it has ended", () => processStartTicks(again) === undefined);
  });

  it("refuses to restart the first process, with which everything would end", () => {
    inflict({ kind: "restart", process: "sh", place: 0, downMs: 0 });
    const { faults, refusals } = inspector.report();
    expect(faults).toEqual({});
    expect(Object.keys(refusals)).toEqual([expect.stringMatching(/^restart sh: it is the first process/)]);
    expect(processStartTicks(root.pid!)).toBeDefined();
  });

  it("leaves a process one CPU, its children too, and gives back what they had", async () => {
    const all = getAffinity(root.pid!)!;
    inflict({ kind: "affinity", process: "sh", place: placeOf(first(), "sh"), cpus: 1, cpuPlace: 0.99 });
    if (all.length === 1) {
      expect(Object.keys(inspector.report().refusals)[0]).toMatch(/^affinity sh: it has 1 CPUs/);
      return;
    }
    expect(threadsOfProcess(first()).map(getAffinity)).toEqual([[all.at(-1)]]);
    const child = () => walkProcessTree([first()]).pids[1];
    await eventually("a child of it has one CPU", () => {
      const pid = child();
      return pid !== undefined && getAffinity(pid)?.length === 1;
    });
    expect(getAffinity(longSleeper())).toEqual(all);
    await inspector.stop();
    expect(getAffinity(first())).toEqual(all);
    await eventually("a child of it has all", () => {
      const pid = child();
      return pid !== undefined && getAffinity(pid)?.length === all.length;
    });
    expect(inspector.report().faults).toEqual({ affinity: 1 });
  });

  it("keeps to the CPUs that a process has already", () => {
    const [cpu] = getAffinity(first())!;
    trySetAffinity(first(), [cpu!]);
    inflict({ kind: "affinity", process: "sh", place: placeOf(first(), "sh"), cpus: 1, cpuPlace: 0 });
    expect(getAffinity(first())).toEqual([cpu]);
    expect(Object.keys(inspector.report().refusals)).toEqual([
      "affinity sh: it has 1 CPUs, and 1 are no fewer",
    ]);
  });
});
