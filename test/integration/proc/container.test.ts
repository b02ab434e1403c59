import { execFile, execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import {
  locateContainerCgroup,
  realtimeRegisterFile,
  threadsOfCgroup,
} from "../../../runtime/kernel/index.js";
import type { ProcTarget } from "../../../src/inspector/proc/index.js";
import { baseImage, requires } from "../../helpers/requires.js";
import { chrt, chrtAll, eventually, type Shaking, shake } from "./shaking.js";
import { workloadPath } from "./workload.js";

requires("root", "docker", "base-image", "proc-events", "gcc", "chrt", "built");

const run = promisify(execFile);
const ordinary = "SCHED_OTHER 0";

class TestContainer {
  readonly id: string;
  readonly pid: number;

  constructor(options: readonly string[], ...command: readonly string[]) {
    const mount = `${dirname(workloadPath())}:/test:ro`;
    this.id = docker("run", "-d", "-i", "--rm", "-v", mount, ...options, baseImage, ...command);
    this.pid = Number(docker("inspect", "-f", "{{.State.Pid}}", this.id));
  }

  get target(): ProcTarget {
    return { kind: "cgroup", pid: this.pid, containerId: this.id };
  }

  get cgroup() {
    const found = locateContainerCgroup(this.pid, this.id);
    if (found === undefined) throw new Error("the container has no cgroup");
    return found;
  }

  threads(): number[] {
    return threadsOfCgroup(this.cgroup.threads);
  }

  realtimeUs(): string[] {
    const folder = this.cgroup.cpu!.folder;
    return [dirname(folder), folder].map((one) => readFileSync(`${one}/cpu.rt_runtime_us`, "latin1").trim());
  }

  get hasRealtimeGroup(): boolean {
    const folder = this.cgroup.cpu?.folder;
    return folder !== undefined && existsSync(`${folder}/cpu.rt_runtime_us`);
  }

  remove(): void {
    try {
      docker("rm", "-f", this.id);
    } catch {
      // gone already
    }
  }
}

function docker(...args: readonly string[]): string {
  return execFileSync("docker", args, { encoding: "utf8", timeout: 60_000 }).trim();
}

describe("ProcInspector on a container", () => {
  const containers: TestContainer[] = [];
  const shakings: Shaking[] = [];

  beforeAll(() => {
    workloadPath();
  });
  afterEach(async () => {
    for (const shaking of shakings.splice(0)) await shaking.stop();
    for (const container of containers.splice(0)) container.remove();
  });

  function start(...command: readonly string[]): TestContainer {
    const container = new TestContainer([], ...command);
    containers.push(container);
    return container;
  }

  async function shakeContainer(
    container: TestContainer,
    procPolicy: "mild" | "extreme" | "dirichlet",
    watchIntervalMs = 60_000,
  ): Promise<Shaking> {
    const shaking = await shake(container.target, procPolicy, { watchIntervalMs });
    shakings.push(shaking);
    return shaking;
  }

  async function withThreads(count: number): Promise<TestContainer> {
    const container = start("/test/workload", "threads", String(count));
    await eventually("all threads run", () => container.threads().length === count);
    return container;
  }

  it("gives every thread SCHED_BATCH under policy mild, and takes it back", async () => {
    const container = await withThreads(12);
    const shaking = await shakeContainer(container, "mild");
    expect(new Set(await chrtAll(container.threads()))).toEqual(new Set(["SCHED_BATCH 0"]));
    await shaking.stop();
    expect(new Set(await chrtAll(container.threads()))).toEqual(new Set([ordinary]));
    expect(shaking.inspector.report().refusals).toEqual({});
  });

  it("leaves what else runs alone until runc has called exec, so that no decision is spent on runc's threads", async () => {
    // As runc does, the first process calls itself runc:[2:INIT], and then no longer.
    const script = `printf 'runc:[2:INIT]' >/proc/$$/comm; trap 'printf workload >/proc/$$/comm' USR1
      sleep 1000 & while :; do wait; done`;
    const container = start("bash", "-c", script);
    const isRunc = () => readFileSync(`/proc/${container.pid}/comm`, "latin1").startsWith("runc:[");
    await eventually("both processes run", () => container.threads().length === 2 && isRunc());
    const sleeping = container.threads().find((tid) => tid !== container.pid)!;
    const { inspector } = await shakeContainer(container, "mild", 20);
    const details = () => inspector.report().details;
    await eventually("five redraws", () => Number(details()["sweeps"]) > 5);
    expect(details()["most threads"]).toBe(1);
    expect(await chrtAll([container.pid, sleeping])).toEqual(["SCHED_BATCH 0", ordinary]);
    process.kill(container.pid, "SIGUSR1");
    await eventually("both are drawn", () => details()["most threads"] === 2);
    await expect.poll(() => chrt(sleeping)).toBe("SCHED_BATCH 0");
  });

  it("opens the real-time group for policy extreme and closes it exactly", async () => {
    const container = await withThreads(12);
    const before = container.hasRealtimeGroup ? container.realtimeUs() : [];
    const shaking = await shakeContainer(container, "extreme");
    const seen = (await chrtAll(container.threads())) as string[];
    expect(seen.filter((one) => /^SCHED_RR [1-9]$/.test(one)).length).toBeGreaterThan(0);
    expect(shaking.inspector.report().refusals).toEqual({});
    if (container.hasRealtimeGroup) expect(Number(container.realtimeUs()[1])).toBeGreaterThan(0);
    await shaking.stop();
    expect(new Set(await chrtAll(container.threads()))).toEqual(new Set([ordinary]));
    if (container.hasRealtimeGroup) expect(container.realtimeUs()).toEqual(before);
  });

  it("shares the parent group between three containers and puts it back after the last", async () => {
    const all = [await withThreads(4), await withThreads(4), await withThreads(4)];
    if (!all[0]!.hasRealtimeGroup) return;
    const before = all.map((container) => container.realtimeUs());
    const started = await Promise.all(all.map((container) => shakeContainer(container, "extreme")));
    const shares = all.map((container) => Number(container.realtimeUs()[1]));
    expect(new Set(shares).size).toBe(1);
    expect(shares[0]).toBeGreaterThan(200_000);
    for (const container of all) {
      const seen = (await chrtAll(container.threads())) as string[];
      expect(seen.some((one) => one.startsWith("SCHED_RR"))).toBe(true);
    }
    await started[1]!.stop();
    expect(Number(all[0]!.realtimeUs()[1])).toBeGreaterThan(shares[0]!);
    await Promise.all([started[0]!.stop(), started[2]!.stop()]);
    expect(all.map((container) => container.realtimeUs())).toEqual(before);
  });

  it("says which refusals there were when the real-time group stays closed", async () => {
    const container = await withThreads(8);
    if (!container.hasRealtimeGroup) return;
    const shaking = await shake(container.target, "extreme", { needsRealtime: false });
    shakings.push(shaking);
    const { refusals } = shaking.inspector.report();
    expect(Object.keys(refusals)).toEqual([expect.stringMatching(/^SCHED_RR: EPERM/)]);
    expect(Object.values(refusals)[0]).toBeGreaterThan(0);
  });

  it("gives threads admitted SCHED_DEADLINE shares under policy dirichlet", async () => {
    const container = await withThreads(12);
    const shaking = await shakeContainer(container, "dirichlet", 50);
    await eventually("ten redraws", () => Number(shaking.inspector.report().details["sweeps"]) > 10);
    const seen = (await chrtAll(container.threads())) as string[];
    expect(seen.filter((one) => one.startsWith("SCHED_DEADLINE")).length).toBeGreaterThan(6);
    expect(shaking.inspector.report().refusals).toEqual({});
    await shaking.stop();
    expect(new Set(await chrtAll(container.threads()))).toEqual(new Set([ordinary]));
  });

  it("counts the refusals of a container that may not use every CPU", async () => {
    const container = new TestContainer(["--cpuset-cpus", "0"], "/test/workload", "threads", "4");
    containers.push(container);
    await eventually("all threads run", () => container.threads().length === 4);
    const shaking = await shakeContainer(container, "dirichlet");
    expect(Object.keys(shaking.inspector.report().refusals)).toEqual([
      expect.stringMatching(/^SCHED_DEADLINE: EPERM \(the thread may not use all CPUs/),
    ]);
  });

  it("shakes processes that docker exec brings in from outside", async () => {
    const container = start("sleep", "60");
    const shaking = await shakeContainer(container, "mild");
    const before = container.threads();
    const executed = run("docker", ["exec", container.id, "sleep", "2"]);
    const entered = () => container.threads().filter((tid) => !before.includes(tid));
    await eventually("the process is in and shaken", async () => {
      const [tid] = entered();
      return tid !== undefined && (await chrt(tid)) === "SCHED_BATCH 0";
    });
    await executed;
    expect(shaking.errors).toEqual([]);
  });

  it("keeps hold of a daemon that re-parents and has a control group of its own", async () => {
    const container = start("bash", "-c", "read; setsid bash -c 'sleep 50 &'; read");
    const shaking = await shakeContainer(container, "mild");
    const attached = execFile("docker", ["attach", container.id]);
    attached.stdin!.write("\n");
    const daemon = () => container.threads().find((tid) => tid !== container.pid);
    await eventually("the daemon is alone and shaken", async () => {
      const tid = daemon();
      if (tid === undefined || container.threads().length !== 2) return false;
      return (
        readFileSync(`/proc/${tid}/comm`, "latin1") === "sleep\n" && (await chrt(tid)) === "SCHED_BATCH 0"
      );
    });
    const tid = daemon()!;
    mkdirSync(`${container.cgroup.threads.folder}/own`);
    writeFileSync(`${container.cgroup.threads.folder}/own/cgroup.procs`, String(tid));
    expect(container.threads()).toContain(tid);
    await shaking.stop();
    expect(await chrt(tid)).toBe(ordinary);
  });

  it("ends well when the container has ended before it", async () => {
    const container = await withThreads(6);
    const shaking = await shakeContainer(container, "extreme", 20);
    container.remove();
    await shaking.stop();
    expect(await shaking.undo.unwind()).toEqual([]);
    if (existsSync(realtimeRegisterFile))
      expect(readFileSync(realtimeRegisterFile, "utf8")).not.toContain(container.id);
  });
});
