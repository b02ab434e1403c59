import { readdirSync, readFileSync } from "node:fs";
import { parseIdList } from "../procfs/index.js";
import type { CgroupFolder } from "./locate-cgroup.js";

/**
 * The thread ids in a group and in all groups below it (daemons and engines inside a container make their own). One file
 * a group: `tasks` in version 1, `cgroup.threads` in version 2. A group that has gone has no threads.
 */
export function threadsOfCgroup(group: CgroupFolder): number[] {
  const threads: number[] = [];
  const groups = collect(group.folder, group.version === 1 ? "tasks" : "cgroup.threads", threads);
  // A thread that moves while the groups are read is in two of them.
  return groups > 1 ? [...new Set(threads)] : threads;
}

/** Returns how many groups it found. */
function collect(folder: string, file: string, threads: number[]): number {
  let groups = 1;
  try {
    // Id 0 stands for a thread that this pid namespace cannot name.
    for (const id of parseIdList(readFileSync(`${folder}/${file}`, "latin1"))) if (id > 0) threads.push(id);
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (entry.isDirectory()) groups += collect(`${folder}/${entry.name}`, file, threads);
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // ENODEV and ENOENT: removed meanwhile. EOPNOTSUPP: a version-2 group that may hold no threads.
    if (code !== "ENOENT" && code !== "ENODEV" && code !== "EOPNOTSUPP" && code !== "ENOTSUP") throw error;
  }
  return groups;
}
