import { once } from "node:events";
import { closeSync, existsSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { SyscallError } from "../libc.js";
import { spawnWorker } from "../spawn-worker.js";
import { type ClockOffsets, offsetLines } from "./clock-offsets.js";

/** What the thread says that made a namespace: its own id, in whose /proc folder the namespace is found. */
export type NamespaceMade = { readonly thread: string } | { readonly errno: number };

/** A time namespace that lives as long as this does, or a process is in it. */
export interface TimeNamespace {
  /** Where any process finds it: `/proc/<our pid>/fd/<n>`. */
  readonly path: string;
  /** Idempotent. */
  close(): void;
}

export function hasTimeNamespaces(): boolean {
  return existsSync("/proc/self/ns/time");
}

/**
 * Makes a namespace whose clocks are `offsets` ahead of ours. Needs CAP_SYS_ADMIN and CAP_SYS_TIME. Rejects with a SyscallError
 * (unshare), or Node's own error with the code of what the kernel makes of the offsets (ERANGE, EPERM).
 */
export async function openTimeNamespace(offsets: ClockOffsets): Promise<TimeNamespace> {
  const worker = spawnWorker(import.meta.url, "time-namespace-worker.js", undefined);
  try {
    const [made] = (await once(worker, "message")) as [NamespaceMade];
    if ("errno" in made) throw new SyscallError("unshare", made.errno, "a time namespace");
    const folder = `/proc/${made.thread}`;
    const file = `${folder}/timens_offsets`;
    // Only before the first process enters.
    writeFileSync(file, offsetLines(offsets, readFileSync(file, "latin1")));
    // Opened here, because what a worker has opened ends with it.
    const fd = openSync(`${folder}/ns/time_for_children`, "r");
    let isClosed = false;
    return {
      path: `/proc/${process.pid}/fd/${fd}`,
      close() {
        if (isClosed) return;
        isClosed = true;
        closeSync(fd);
      },
    };
  } finally {
    await worker.terminate();
  }
}
