import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  type CgroupFolder,
  cgroupMounts,
  NoRealtimeShareError,
  openRealtimeGroup,
  ordinaryAttributes,
  schedPolicies,
  settleRealtimeGroups,
  trySetSchedAttributes,
} from "../../../runtime/kernel/index.js";
import { requires } from "../../helpers/requires.js";

requires("root", "cgroup-v1", "built");

const mountPoint = cgroupMounts().find(({ controllers }) => controllers.includes("cpu"))?.mountPoint ?? "";
const hasRealtimeGroups = existsSync(`${mountPoint}/cpu.rt_runtime_us`);

/** nmzt-…/outer/{a,b,c}, as a container's groups are below an engine's. */
describe.runIf(hasRealtimeGroups)("openRealtimeGroup", () => {
  const top = `${mountPoint}/nmzt-proc-${process.pid}`;
  const outer = `${top}/outer`;
  const names = ["a", "b", "c"] as const;
  let folder: string;
  let register: string;

  const groupOf = (name: string): CgroupFolder => ({
    version: 1,
    path: `/nmzt/outer/${name}`,
    folder: `${outer}/${name}`,
    mountPoint,
  });
  const runtimeOf = (path: string) => Number(readFileSync(`${path}/cpu.rt_runtime_us`, "latin1"));
  const everyRuntime = () => [top, outer, ...names.map((name) => `${outer}/${name}`)].map(runtimeOf);

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "nmzc-test-register-"));
    register = join(folder, "register");
    for (const path of [top, outer, ...names.map((name) => `${outer}/${name}`)]) mkdirSync(path);
  });
  afterEach(() => {
    for (const path of [...names.map((name) => `${outer}/${name}`), outer, top])
      if (existsSync(path)) rmdirSync(path);
    rmSync(folder, { recursive: true });
  });

  it("opens a group and those above it, and closes all of them exactly", async () => {
    const before = everyRuntime();
    const opened = await openRealtimeGroup(groupOf("a"), register);
    expect(opened?.runtimeUs).toBe(runtimeOf(`${outer}/a`));
    expect(opened?.runtimeUs).toBeGreaterThan(0);
    expect(opened?.changed).toEqual(
      [top, outer, `${outer}/a`].map((path) => ({ path: `${path}/cpu.rt_runtime_us`, value: "0" })),
    );
    await opened?.close();
    await opened?.close();
    expect(everyRuntime()).toEqual(before);
  });

  it("gives equal shares to those who are there, and more to those who stay", async () => {
    const before = everyRuntime();
    const [a, b, c] = await Promise.all(names.map((name) => openRealtimeGroup(groupOf(name), register)));
    const shares = names.map((name) => runtimeOf(`${outer}/${name}`));
    expect(new Set(shares).size).toBe(1);
    await b?.close();
    expect(runtimeOf(`${outer}/a`)).toBeGreaterThan(shares[0]!);
    expect(runtimeOf(`${outer}/b`)).toBe(0);
    await Promise.all([a?.close(), c?.close()]);
    expect(everyRuntime()).toEqual(before);
  });

  it("leaves alone a group that somebody has opened already", async () => {
    for (const path of [top, outer, `${outer}/a`]) writeFileSync(`${path}/cpu.rt_runtime_us`, "50000");
    expect(await openRealtimeGroup(groupOf("a"), register)).toBeUndefined();
    const opened = await openRealtimeGroup(groupOf("b"), register);
    expect(runtimeOf(`${outer}/a`)).toBe(50_000);
    await opened?.close();
    expect([top, outer, `${outer}/a`].map(runtimeOf)).toEqual([50_000, 50_000, 50_000]);
    for (const path of [`${outer}/a`, outer, top]) writeFileSync(`${path}/cpu.rt_runtime_us`, "0");
  });

  it("refuses, and changes nothing, when its siblings have everything", async () => {
    writeFileSync(`${top}/cpu.rt_runtime_us`, "100000");
    writeFileSync(`${outer}/cpu.rt_runtime_us`, "100000");
    const rest = Number(readFileSync(`${mountPoint}/cpu.rt_runtime_us`, "latin1"));
    const greedy = `${mountPoint}/nmzt-greedy-${process.pid}`;
    mkdirSync(greedy);
    try {
      writeFileSync(`${outer}/b/cpu.rt_runtime_us`, "100000");
      // What others on this machine hold is not ours to take.
      for (let wanted = rest - 100_000; wanted > 0; wanted -= 50_000) {
        try {
          writeFileSync(`${greedy}/cpu.rt_runtime_us`, String(wanted));
          break;
        } catch {}
      }
      const before = everyRuntime();
      const opening = openRealtimeGroup(groupOf("a"), register);
      const outcome = await opening.catch((error: unknown) => error);
      if (outcome instanceof NoRealtimeShareError) expect(everyRuntime()).toEqual(before);
      else await (outcome as Awaited<typeof opening>)?.close();
      expect(everyRuntime()).toEqual(before);
    } finally {
      rmdirSync(greedy);
      for (const path of [`${outer}/b`, outer, top]) writeFileSync(`${path}/cpu.rt_runtime_us`, "0");
    }
  });

  it("stays open while a real-time thread lives in it, and can be closed afterwards", async () => {
    const before = everyRuntime();
    const opened = await openRealtimeGroup(groupOf("a"), register);
    const child = spawn("sleep", ["30"], { stdio: "ignore" });
    await once(child, "spawn");
    writeFileSync(`${outer}/a/cgroup.procs`, String(child.pid));
    expect(
      trySetSchedAttributes(child.pid!, { ...ordinaryAttributes, policy: schedPolicies.RR, priority: 1 }),
    ).toBe(0);
    await expect(opened?.close()).rejects.toMatchObject({ code: "EBUSY" });
    const exited = once(child, "exit");
    child.kill("SIGKILL");
    await exited;
    await opened?.close();
    expect(everyRuntime()).toEqual(before);
  });

  it("puts back what a killed process had opened", async () => {
    const before = everyRuntime();
    const kernel = new URL("../../../dist/runtime/kernel/index.js", import.meta.url).href;
    const script = `
      const { openRealtimeGroup } = await import(${JSON.stringify(kernel)});
      await openRealtimeGroup(${JSON.stringify(groupOf("a"))}, ${JSON.stringify(register)});
      process.stdout.write("open");
      setInterval(() => {}, 1000);
    `;
    const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(child.stdout, "data");
    expect(runtimeOf(`${outer}/a`)).toBeGreaterThan(0);
    const exited = once(child, "exit");
    child.kill("SIGKILL");
    await exited;
    await settleRealtimeGroups(register);
    expect(everyRuntime()).toEqual(before);
  });
});
