import { readdirSync, readFileSync } from "node:fs";

/** The thread ids of a process; empty when it is gone. */
export function threadsOfProcess(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).map(Number);
  } catch {
    return [];
  }
}

/** Living processes and their threads. */
export interface ProcessTree {
  readonly pids: readonly number[];
  readonly threads: number[];
}

/**
 * The living processes among `roots` and all their descendants (/proc/<pid>/task/<tid>/children, CONFIG_PROC_CHILDREN).
 * A descendant whose parent has died hangs below another process, and is found only as a root of its own.
 */
export function walkProcessTree(roots: Iterable<number>): ProcessTree {
  const pids: number[] = [];
  const threads: number[] = [];
  const seen = new Set<number>(roots);
  for (const pid of seen) {
    const own = threadsOfProcess(pid);
    if (own.length > 0) pids.push(pid);
    for (const tid of own) {
      threads.push(tid);
      for (const child of childrenOfThread(pid, tid)) seen.add(child); // a Set is walked to its growing end
    }
  }
  return { pids, threads };
}

function childrenOfThread(pid: number, tid: number): number[] {
  try {
    return parseIdList(readFileSync(`/proc/${pid}/task/${tid}/children`, "latin1"));
  } catch {
    return [];
  }
}

/** Decimal numbers with blanks or newlines between them. */
export function parseIdList(text: string): number[] {
  const ids: number[] = [];
  let id = -1;
  for (let index = 0; index < text.length; index++) {
    const digit = text.charCodeAt(index) - 48;
    if (digit >= 0 && digit <= 9) id = (id < 0 ? 0 : id * 10) + digit;
    else if (id >= 0) {
      ids.push(id);
      id = -1;
    }
  }
  if (id >= 0) ids.push(id);
  return ids;
}
