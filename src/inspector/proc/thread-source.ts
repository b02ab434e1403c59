import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import {
  type ContainerCgroup,
  type FollowTarget,
  locateContainerCgroup,
  threadsOfCgroup,
  threadsOfProcess,
  walkProcessTree,
} from "../../../runtime/kernel/index.js";
import type { ProcTarget } from "./proc-inspector-options.js";

/** Where the threads of a target are listed, and what process events are to follow. */
export interface ThreadSource {
  /** As of now; changes when a tree grows in ways that no birth told of. */
  follow(): FollowTarget;
  /** Undefined where there is no container's group. */
  readonly cgroup: ContainerCgroup | undefined;
  /** All living threads. */
  list(): number[];
  /** A process was born inside. */
  addProcess(pid: number): void;
  /**
   * True for a thread that the container runtime made for itself in the first process and that exec(2) of the workload
   * ends. How many there are is chance: if decisions were spent on them, no run would know its threads again.
   */
  isOfRuntime(tid: number, tgid: number): boolean;
}

// An engine reports a container's first pid a moment before it has moved it into its group.
const patienceMs = 500;

/** A container whose group is not found is followed as the tree of its first process. */
export async function findThreadSource(target: ProcTarget): Promise<ThreadSource> {
  if (target.kind === "tree") return treeSource(target.pid);
  const until = performance.now() + patienceMs;
  do {
    const cgroup = locateContainerCgroup(target.pid, target.containerId);
    if (cgroup !== undefined) return cgroupSource(target.pid, cgroup);
    await sleep(5);
  } while (performance.now() < until);
  return treeSource(target.pid);
}

function cgroupSource(firstPid: number, cgroup: ContainerCgroup): ThreadSource {
  let isWorkload = false;
  const isBeforeExec = () => {
    isWorkload ||= !isRunc(firstPid);
    return !isWorkload;
  };
  return {
    follow: () => ({ kind: "cgroup", path: cgroup.threads.path }),
    cgroup,
    // The first thread of the first process is the one that calls exec, with what it was given.
    list: () => (isBeforeExec() ? [firstPid] : threadsOfCgroup(cgroup.threads)),
    addProcess: () => {},
    isOfRuntime: (tid, tgid) => tgid === firstPid && tid !== tgid && isBeforeExec(),
  };
}

/** runc calls itself `runc:[2:INIT]` (nsexec.c) until it calls exec; no other runtime has threads then. */
function isRunc(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/comm`, "latin1").startsWith("runc:[");
  } catch {
    return false;
  }
}

/**
 * Remembers every process it has seen, so that one whose parent dies stays in sight. This process may be in the tree; its
 * own threads are left alone.
 */
function treeSource(pid: number): ThreadSource {
  let pids: Iterable<number> = walkProcessTree([pid]).pids;
  const born = new Set<number>();
  return {
    follow: () => ({ kind: "tree", pids: [...pids, ...born] }),
    cgroup: undefined,
    list: () => {
      const tree = walkProcessTree([...pids, ...born]);
      pids = tree.pids;
      born.clear();
      const own = new Set(tree.pids.includes(process.pid) ? threadsOfProcess(process.pid) : []);
      return tree.threads.filter((tid) => !own.has(tid));
    },
    addProcess: (bornPid) => born.add(bornPid),
    isOfRuntime: () => false,
  };
}
