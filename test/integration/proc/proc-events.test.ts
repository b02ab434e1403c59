import { spawn } from "node:child_process";
import { once } from "node:events";
import { afterEach, describe, expect, it } from "vitest";
import { type ProcEvents, startProcEvents } from "../../../runtime/kernel/index.js";
import { requires } from "../../helpers/requires.js";
import { eventually } from "./shaking.js";
import { Workload } from "./workload.js";

requires("root", "proc-events", "gcc", "built");

interface Birth {
  readonly tid: number;
  readonly tgid: number;
  readonly parent: number;
}

describe("ProcEvents", () => {
  const running: ProcEvents[] = [];
  const workloads: Workload[] = [];
  const failures: unknown[] = [];
  afterEach(async () => {
    await Promise.all(running.splice(0).map((events) => events.stop()));
    await Promise.all(workloads.splice(0).map((workload) => workload.kill()));
    expect(failures).toEqual([]);
  });

  async function listen(): Promise<{ events: ProcEvents; births: Birth[] }> {
    const births: Birth[] = [];
    const events = await startProcEvents({
      onBirth: (tid, tgid, parent) => births.push({ tid, tgid, parent }),
      onLoss: () => {},
      onFailure: (error) => failures.push(error),
    });
    running.push(events);
    return { events, births };
  }

  it("tells each child of a followed process with its parent", async () => {
    const { events, births } = await listen();
    events.follow({ kind: "tree", pids: [process.pid] });
    const child = spawn("true", { stdio: "ignore" });
    await once(child, "exit");
    await eventually("the child is told", () => births.some(({ tid }) => tid === child.pid));
    expect(births.find(({ tid }) => tid === child.pid)).toEqual({
      tid: child.pid,
      tgid: child.pid,
      parent: process.pid,
    });
  });

  it("tells threads apart from processes", async () => {
    const { events, births } = await listen();
    events.follow({ kind: "tree", pids: [process.pid] });
    const workload = await Workload.start("threads", 5);
    workloads.push(workload);
    await workload.line();
    const own = () => births.filter(({ tgid }) => tgid === workload.pid);
    await eventually("one process and four threads", () => own().length === 5);
    expect(
      own()
        .filter(({ tid }) => tid !== workload.pid)
        .every(({ parent }) => parent === workload.pid),
    ).toBe(true);
  });

  it("tells nothing of a fork storm elsewhere", async () => {
    const { events, births } = await listen();
    const [stranger, followed] = [
      await Workload.start("forks", 1000, 1),
      await Workload.start("forks", 5, 1),
    ];
    workloads.push(stranger, followed);
    events.follow({ kind: "tree", pids: [followed.pid] });
    stranger.begin();
    followed.begin();
    await Promise.all([stranger.line(), followed.line()]);
    expect(births.every(({ parent }) => parent === followed.pid)).toBe(true);
    expect(births.length).toBeGreaterThanOrEqual(4);
    expect(events.counts.seen).toBeGreaterThan(births.length);
  });

  it("tells nothing before it is told what to follow", async () => {
    const { births } = await listen();
    await once(spawn("true", { stdio: "ignore" }), "exit");
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(births).toEqual([]);
  });

  it("ends at once, twice, and lets others listen meanwhile", async () => {
    const { events } = await listen();
    const other = await listen();
    const start = performance.now();
    await Promise.all([events.stop(), events.stop()]);
    expect(performance.now() - start).toBeLessThan(400); // its recv(2) would time out after 500 ms
    other.events.follow({ kind: "tree", pids: [process.pid] });
    const child = spawn("true", { stdio: "ignore" });
    await once(child, "exit");
    await eventually("the other one still hears", () => other.births.some(({ tid }) => tid === child.pid));
  });
});
