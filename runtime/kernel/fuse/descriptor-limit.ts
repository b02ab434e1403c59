import { readFileSync } from "node:fs";
import { libcFunction } from "../libc.js";
import { NativeMemory } from "../native-memory.js";

const prlimit = libcFunction("int prlimit64(int pid, int resource, uintptr_t newLimit, uintptr_t oldLimit)");

const RLIMIT_NOFILE = 7;

/**
 * Doubles how many descriptors this process may open, up to what the kernel allows any process. For folders on file
 * systems without file handles, where every node the kernel remembers needs a descriptor. False when there is no
 * more to be had.
 */
export function raiseDescriptorLimit(): boolean {
  // `struct rlimit64` { soft, hard }.
  const memory = new NativeMemory(128);
  if (prlimit(0, RLIMIT_NOFILE, 0, memory.address) < 0) return false;
  const soft = memory.u64(0);
  const most = Number(readFileSync("/proc/sys/fs/nr_open", "latin1"));
  const wanted = Math.min(2 * soft, most);
  if (wanted <= soft) return false;
  memory.setU64(0, wanted);
  memory.setU64(2, Math.max(memory.u64(2), wanted));
  return prlimit(0, RLIMIT_NOFILE, memory.address, 0) === 0;
}
