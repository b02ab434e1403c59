import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/** A container's first process, found before the engine says that the container has started. */
export interface FirstProcess {
  /** On the host. */
  readonly pid: number;
  /** True while the container runtime still prepares it: the workload has not run an instruction. */
  readonly isBeforeExec: boolean;
}

const cgroupRoot = "/sys/fs/cgroup";

/**
 * The folders that an engine may make for a container's cgroup, by its cgroup driver (cgroupfs or systemd), below two
 * hierarchies of cgroup v1 (in case one is not mounted where it belongs) or the one of v2. Few, because they are
 * looked at a thousand times a second while the container starts.
 */
export function containerCgroupCandidates(containerId: string, cgroupParent: string | undefined): string[] {
  const isUnified = existsSync(join(cgroupRoot, "cgroup.controllers"));
  const hierarchies = isUnified
    ? [cgroupRoot]
    : ["pids", "systemd", "devices"].map((name) => join(cgroupRoot, name)).filter((path) => existsSync(path));
  const places =
    cgroupParent === undefined
      ? [
          `docker/${containerId}`,
          `system.slice/docker-${containerId}.scope`,
          `libpod_parent/libpod-${containerId}`,
          `machine.slice/libpod-${containerId}.scope`,
        ]
      : [
          containerId,
          `docker-${containerId}.scope`,
          `libpod-${containerId}`,
          `libpod-${containerId}.scope`,
        ].map((leaf) => join(cgroupParent, leaf));
  // Under version 2 crun puts the container into a group below the one that it was given.
  const leaves = isUnified
    ? places.flatMap((place) => (place.includes("libpod-") ? [`${place}/container`, place] : [place]))
    : places;
  return hierarchies.slice(0, 2).flatMap((hierarchy) => leaves.map((leaf) => join(hierarchy, leaf)));
}

/**
 * Looks once. The first process is the one that has left the network namespace of `ownNetns` (an inode number, see
 * `netnsInode`); before that it is the container runtime's own helper. Undefined while there is none.
 */
export function findFirstProcess(candidates: readonly string[], ownNetns: number): FirstProcess | undefined {
  for (const folder of candidates) {
    if (!existsSync(folder)) continue; // cheap: no error is made
    const pids = readPids(join(folder, "cgroup.procs"));
    for (const pid of pids) {
      const netns = netnsInode(pid);
      if (netns === undefined || netns === ownNetns) continue;
      const name = processName(pid);
      if (name !== undefined && !passingHelper.test(name))
        return { pid, isBeforeExec: waitingRuntime.test(name) };
    }
    if (pids.length > 0) return undefined;
  }
  return undefined;
}

/** The identity of a process's network namespace, or undefined when the process is gone. */
export function netnsInode(pid: number | "self"): number | undefined {
  try {
    return statSync(`/proc/${pid}/ns/net`).ino;
  } catch {
    return undefined;
  }
}

function readPids(file: string): number[] {
  try {
    const text = readFileSync(file, "utf8");
    return text === "" ? [] : text.trimEnd().split("\n").map(Number);
  } catch {
    return [];
  }
}

// runc clones twice before its third process waits for the start; the first two end by themselves.
const passingHelper = /^runc(:\[[01]:|$)/;
// The waiting process becomes the workload by exec(2), which changes its name.
const waitingRuntime = /^(runc:\[2:|crun|youki)/;

/** The name of a process's main thread, or undefined when it is gone. */
function processName(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/comm`, "utf8").trimEnd();
  } catch {
    return undefined;
  }
}
