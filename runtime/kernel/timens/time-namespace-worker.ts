import { readlinkSync } from "node:fs";
import { parentPort } from "node:worker_threads";
import { checked, libcFunction, SyscallError } from "../libc.js";
import type { NamespaceMade } from "./time-namespace.js";

const unshare = libcFunction("int unshare(int flags)");
const CLONE_NEWTIME = 0x80; // linux/sched.h

/** The thread whose children would be in the new namespace. It has none, and ends when the namespace is held. */
function make(): NamespaceMade {
  try {
    checked(unshare(CLONE_NEWTIME), "unshare", "a time namespace");
    return { thread: readlinkSync("/proc/thread-self").split("/").at(-1)! };
  } catch (error) {
    if (!(error instanceof SyscallError)) throw error;
    return { errno: error.errno };
  }
}

parentPort!.postMessage(make());
parentPort!.once("message", () => {}); // waits to be ended: the namespace lives with this thread until it is held
