import { readFileSync } from "node:fs";
import {
  type CgroupMembership,
  type CgroupMount,
  parseCgroupMounts,
  parseProcCgroup,
} from "./parse-cgroup.js";

/** A group in one hierarchy. */
export interface CgroupFolder {
  readonly version: 1 | 2;
  /** Path inside the hierarchy, as /proc/<pid>/cgroup shows it. */
  readonly path: string;
  /** The folder below /sys/fs/cgroup. */
  readonly folder: string;
  /** Where the hierarchy is mounted: the outermost folder above `folder`. */
  readonly mountPoint: string;
}

/** What one container has: the group to list its threads from and, where there is one, that of the cpu controller. */
export interface ContainerCgroup {
  readonly threads: CgroupFolder;
  readonly cpu: CgroupFolder | undefined;
}

/**
 * Finds the group of the container that process `pid` belongs to: the one whose path holds `word` (a container's id), cut
 * off behind it, so that a process in a group of its own making leads to the container's group too. Undefined when the
 * process is gone or not (yet) in such a group.
 */
export function locateContainerCgroup(pid: number, word: string): ContainerCgroup | undefined {
  const memberships = membershipsOf(pid).filter((membership) => membership.path.includes(word));
  const mounts = cgroupMounts();
  const folders = memberships.flatMap((membership) => {
    const folder = folderOf({ ...membership, path: cutBehind(membership.path, word) }, mounts);
    return folder === undefined ? [] : [{ membership, folder }];
  });
  const version1 = folders.find(({ folder }) => folder.version === 1);
  const threads = version1 ?? folders[0];
  if (threads === undefined) return undefined;
  const cpu = folders.find(({ membership }) => membership.controllers.includes("cpu"))?.folder;
  return { threads: threads.folder, cpu: cpu ?? (threads.folder.version === 2 ? threads.folder : undefined) };
}

/** The groups of a process; empty when it is gone. */
export function membershipsOf(pid: number): CgroupMembership[] {
  try {
    return parseProcCgroup(readFileSync(`/proc/${pid}/cgroup`, "latin1"));
  } catch {
    return [];
  }
}

/** The mounted hierarchies, as this process sees them. */
export function cgroupMounts(): CgroupMount[] {
  return parseCgroupMounts(readFileSync("/proc/self/mountinfo", "latin1"));
}

/** The folder of a membership, or undefined when its hierarchy (or that part of it) is not mounted. */
export function folderOf(
  membership: CgroupMembership,
  mounts: readonly CgroupMount[],
): CgroupFolder | undefined {
  for (const mount of mounts) {
    const isIts =
      membership.controllers.length === 0
        ? mount.version === 2
        : mount.version === 1 && membership.controllers.some((name) => mount.controllers.includes(name));
    if (!isIts) continue;
    const below = mount.root === "/" ? membership.path : pathBelow(membership.path, mount.root);
    if (below === undefined) continue;
    return {
      version: mount.version,
      path: membership.path,
      folder: `${mount.mountPoint}${below === "/" ? "" : below}`,
      mountPoint: mount.mountPoint,
    };
  }
  return undefined;
}

function pathBelow(path: string, root: string): string | undefined {
  if (path === root) return "/";
  return path.startsWith(`${root}/`) ? path.slice(root.length) : undefined;
}

function cutBehind(path: string, word: string): string {
  const end = path.indexOf("/", path.indexOf(word));
  return end < 0 ? path : path.slice(0, end);
}
