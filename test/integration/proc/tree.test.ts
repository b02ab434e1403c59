import { afterEach, describe, expect, it } from "vitest";
import { threadsOfProcess } from "../../../runtime/kernel/index.js";
import { requires } from "../../helpers/requires.js";
import { chrt, chrtAll, eventually, niceOf, type Shaking, shake } from "./shaking.js";
import { Workload } from "./workload.js";

requires("root", "proc-events", "gcc", "chrt", "built");

const ordinary = "SCHED_OTHER 0";

describe("ProcInspector on a tree of processes", () => {
  let workload: Workload;
  let shaking: Shaking | undefined;
  afterEach(async () => {
    await shaking?.stop();
    await workload.kill();
    shaking = undefined;
  });

  async function threads(count: number): Promise<readonly number[]> {
    workload = await Workload.start("threads", count);
    await workload.line();
    return threadsOfProcess(workload.pid);
  }

  it("gives every thread SCHED_BATCH and a nice value of its own under policy mild, and takes both back", async () => {
    const tids = await threads(20);
    shaking = await shake({ kind: "tree", pid: workload.pid }, "mild");
    expect(new Set(await chrtAll(tids))).toEqual(new Set(["SCHED_BATCH 0"]));
    expect(new Set(tids.map(niceOf)).size).toBeGreaterThan(5);
    await shaking.stop();
    expect(new Set(await chrtAll(tids))).toEqual(new Set([ordinary]));
    expect(new Set(tids.map(niceOf))).toEqual(new Set([0]));
    expect(shaking.inspector.report()).toMatchObject({ inspector: "proc", refusals: {} });
    expect(shaking.errors).toEqual([]);
  });

  it("gives some threads SCHED_RR with a legal priority under policy extreme", async () => {
    const tids = await threads(20);
    shaking = await shake({ kind: "tree", pid: workload.pid }, "extreme");
    const seen = (await chrtAll(tids)) as string[];
    const realtime = seen.filter((one) => one.startsWith("SCHED_RR"));
    expect(realtime.length).toBeGreaterThan(0);
    expect(realtime.length).toBeLessThanOrEqual(3);
    for (const one of realtime) expect(one).toMatch(/^SCHED_RR [1-9]$/);
    expect(seen.filter((one) => one === "SCHED_BATCH 0").length).toBe(20 - realtime.length);
    await shaking.stop();
    expect(new Set(await chrtAll(tids))).toEqual(new Set([ordinary]));
    expect(shaking.inspector.report().refusals).toEqual({});
  });

  it("gives threads SCHED_DEADLINE shares that the kernel admits under policy dirichlet", async () => {
    const tids = await threads(20);
    shaking = await shake({ kind: "tree", pid: workload.pid }, "dirichlet", { watchIntervalMs: 100 });
    await eventually("ten redraws", () => Number(shaking!.inspector.report().details["sweeps"]) > 10);
    const seen = (await chrtAll(tids)) as string[];
    expect(seen.filter((one) => one === "SCHED_DEADLINE|SCHED_RESET_ON_FORK 0").length).toBeGreaterThan(10);
    expect(shaking.inspector.report().refusals).toEqual({});
    await shaking.stop();
    expect(new Set(await chrtAll(tids))).toEqual(new Set([ordinary]));
  });

  it("gives back what a thread had before, whatever that was", async () => {
    const { setSchedAttributes, ordinaryAttributes } = await import("../../../runtime/kernel/index.js");
    const [first, second, third] = (await threads(3)) as [number, number, number];
    setSchedAttributes(second, { ...ordinaryAttributes, policy: 5 });
    setSchedAttributes(third, { ...ordinaryAttributes, nice: 7 });
    shaking = await shake({ kind: "tree", pid: workload.pid }, "mild");
    expect(await chrt(second)).toBe("SCHED_BATCH 0");
    await shaking.stop();
    expect(await chrtAll([first, second, third])).toEqual([ordinary, "SCHED_IDLE 0", ordinary]);
    expect(niceOf(third)).toBe(7);
  });

  it("keeps hold of a daemon whose parents have died", async () => {
    workload = await Workload.start("daemon");
    shaking = await shake({ kind: "tree", pid: workload.pid }, "mild");
    workload.begin();
    const daemon = Number((await workload.line()).split(" ")[1]);
    try {
      await eventually("the daemon is shaken", async () => (await chrt(daemon)) === "SCHED_BATCH 0");
      await shaking.stop();
      expect(await chrt(daemon)).toBe(ordinary);
    } finally {
      process.kill(daemon, "SIGKILL");
    }
  });

  it("finds new threads by listing them where there are no process events, and says so", async () => {
    workload = await Workload.start("daemon");
    shaking = await shake({ kind: "tree", pid: workload.pid }, "mild", { useProcEvents: false });
    expect(shaking.inspector.report().details["births"]).toContain("listed every 50 ms");
    workload.begin();
    const daemon = Number((await workload.line()).split(" ")[1]);
    process.kill(daemon, "SIGKILL");
    workload.kill();
    const tids = await threads(5);
    await shaking.stop();
    shaking = await shake({ kind: "tree", pid: process.pid }, "mild", { useProcEvents: false });
    expect(new Set(await chrtAll(tids))).toEqual(new Set(["SCHED_BATCH 0"]));
  });

  it("survives 1,000 forks a second and shakes what it can catch", async () => {
    workload = await Workload.start("forks", 1000, 3);
    shaking = await shake({ kind: "tree", pid: workload.pid }, "mild", { watchIntervalMs: 200 });
    workload.begin();
    const forked = Number((await workload.line()).split(" ")[1]);
    expect(forked).toBeGreaterThan(1000);
    const { details, refusals } = shaking.inspector.report();
    expect(Number(details["born between sweeps"])).toBeGreaterThan(forked * 0.9);
    expect(refusals).toEqual({});
    expect(shaking.errors).toEqual([]);
  });

  it("stops within a second, also twice, and leaves no thread of its own", async () => {
    await threads(3);
    const before = threadsOfProcess(process.pid).length;
    shaking = await shake({ kind: "tree", pid: workload.pid }, "mild");
    const start = performance.now();
    await Promise.all([shaking.stop(), shaking.stop()]);
    await shaking.undo.unwind();
    expect(performance.now() - start).toBeLessThan(1000);
    await eventually("its thread is gone", () => threadsOfProcess(process.pid).length <= before);
  });

  it("takes everything back when only the undo stack is unwound", async () => {
    const tids = await threads(5);
    shaking = await shake({ kind: "tree", pid: workload.pid }, "mild", { watchIntervalMs: 20 });
    expect(await shaking.undo.unwind()).toEqual([]);
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(new Set(await chrtAll(tids))).toEqual(new Set([ordinary]));
  });

  it("leaves this process's own priority as it was", async () => {
    await threads(3);
    shaking = await shake({ kind: "tree", pid: workload.pid }, "mild");
    expect(await chrt(process.pid)).toMatch(/^SCHED_FIFO/);
    await shaking.stop();
    expect(await chrt(process.pid)).toBe(ordinary);
  });
});
