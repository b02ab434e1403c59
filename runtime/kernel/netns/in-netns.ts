import { closeSync, openSync, writeSync } from "node:fs";
import { checked, libcFunction } from "../libc.js";

const setns = libcFunction("int setns(int fd, int nstype)");
const unshare = libcFunction("int unshare(int flags)");
const CLONE_NEWNET = 0x40000000; // linux/sched.h

/**
 * Runs `work` with this thread in the network namespace at `path` (`/proc/<pid>/ns/net`, `/var/run/docker/netns/<id>`,
 * `/proc/self/fd/<fd>`), and comes back. `work` must be synchronous: sockets it opens and processes it starts stay in
 * that namespace. Needs CAP_SYS_ADMIN. Throws SyscallError (setns), or Node's own error when `path` is not there.
 */
export function inNetns<T>(path: string, work: () => T): T {
  const target = openSync(path, "r");
  try {
    return away(() => checked(setns(target, CLONE_NEWNET), "setns", path), work);
  } finally {
    closeSync(target);
  }
}

/** The same in a namespace of its own that has nothing but a loopback interface (down), and ends with `work`. */
export function inTemporaryNetns<T>(work: () => T): T {
  return away(() => checked(unshare(CLONE_NEWNET), "unshare", "a network namespace"), work);
}

function away<T>(leave: () => void, work: () => T): T {
  const home = openSync("/proc/thread-self/ns/net", "r");
  try {
    leave();
    try {
      const result = work();
      if (result instanceof Promise)
        throw new TypeError("work in another network namespace must be synchronous");
      return result;
    } finally {
      comeBack(home);
    }
  } finally {
    closeSync(home);
  }
}

function comeBack(home: number): void {
  try {
    checked(setns(home, CLONE_NEWNET), "setns", "back to the own network namespace");
  } catch (error) {
    writeSync(2, `nmzc: ${String(error)}: this thread is lost in a foreign network, the process must end\n`);
    process.abort();
  }
}
