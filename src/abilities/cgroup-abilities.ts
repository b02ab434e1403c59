import { existsSync, mkdirSync, readFileSync, rmdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CgroupMount, cgroupMounts, openRealtimeGroup } from "../../runtime/kernel/index.js";
import { messageOf } from "../util/index.js";
import { type Ability, absent, present } from "./ability.js";

const threadsUse = "proc inspector: finding the container's threads";
const realtimeUse = "proc inspector, policy extreme (SCHED_RR)";

/** The version and controllers, and whether a real-time group can be opened: tried on a group made for it. */
export async function cgroupAbilities(): Promise<Ability[]> {
  const mounts = cgroupMounts();
  return [versionRow(mounts), await realtimeRow(mounts)];
}

function versionRow(mounts: readonly CgroupMount[]): Ability {
  const version1 = mounts.filter(({ version }) => version === 1);
  const version2 = mounts.find(({ version }) => version === 2);
  if (version1.length > 0) {
    const names = version1.flatMap(({ controllers }) => controllers).join(", ");
    return present("cgroups", `version 1: ${names}`, threadsUse);
  }
  if (version2 === undefined) {
    return absent("cgroups", "not mounted", "mount -t cgroup2 none /sys/fs/cgroup", threadsUse);
  }
  return present("cgroups", `version 2: ${controllersOf(version2)}`, threadsUse);
}

function controllersOf({ mountPoint }: CgroupMount): string {
  try {
    return readFileSync(`${mountPoint}/cgroup.controllers`, "latin1").trim().split(" ").join(", ");
  } catch {
    return "controllers unknown";
  }
}

async function realtimeRow(mounts: readonly CgroupMount[]): Promise<Ability> {
  const name = "real-time groups";
  const cpu = mounts.find(({ controllers }) => controllers.includes("cpu"));
  if (cpu === undefined || !existsSync(`${cpu.mountPoint}/cpu.rt_runtime_us`)) {
    return present(name, "none: containers need no opening", realtimeUse);
  }
  const folder = `${cpu.mountPoint}/nmzc-probe-${process.pid}`;
  const register = join(tmpdir(), `nmzc-probe-${process.pid}.lock`);
  try {
    mkdirSync(folder);
    const group = { version: 1, path: "/probe", folder, mountPoint: cpu.mountPoint } as const;
    const opened = await openRealtimeGroup(group, register);
    await opened?.close();
    const runtimeMs = (opened?.runtimeUs ?? 0) / 1000;
    return present(
      name,
      `version 1; a group was given ${runtimeMs} ms of each second and closed again`,
      realtimeUse,
    );
  } catch (error) {
    return absent(
      name,
      messageOf(error),
      process.geteuid?.() === 0
        ? `lower cpu.rt_runtime_us of other groups below ${cpu.mountPoint}`
        : "run with sudo",
      realtimeUse,
    );
  } finally {
    rmSync(register, { force: true });
    if (existsSync(folder)) rmdirSync(folder);
  }
}
