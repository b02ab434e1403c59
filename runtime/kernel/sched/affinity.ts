import { lastErrno, libcFunction, SyscallError } from "../libc.js";

// libc's wrappers: the bare get call returns a length, and a mask must be as long as the kernel's at least.
const getCall = libcFunction("int sched_getaffinity(int tid, uintptr_t bytes, void *mask)");
const setCall = libcFunction("int sched_setaffinity(int tid, uintptr_t bytes, void *mask)");
const maskBytes = 1024; // 8192 CPUs, the most that Linux is built for

/** The CPUs that a thread may use, ascending, or undefined when it is gone. Other failures throw a SyscallError. */
export function getAffinity(tid: number): readonly number[] | undefined {
  const mask = new Uint8Array(maskBytes);
  if (getCall(tid, maskBytes, mask) < 0) {
    const errno = lastErrno();
    if (errno === 3) return undefined; // ESRCH
    throw new SyscallError("sched_getaffinity", errno, `thread ${tid}`);
  }
  const cpus: number[] = [];
  for (const [index, byte] of mask.entries()) {
    for (let bit = 0; bit < 8; bit++) if ((byte & (1 << bit)) !== 0) cpus.push(index * 8 + bit);
  }
  return cpus;
}

/**
 * sched_setaffinity(2) on one thread; what it starts later inherits it. The kernel takes away what its cpuset does not
 * have. Returns 0, or the errno: ESRCH no such thread, EINVAL none of the CPUs is in its cpuset, EBUSY it is a deadline
 * thread, which must have them all.
 */
export function trySetAffinity(tid: number, cpus: readonly number[]): number {
  const mask = new Uint8Array(maskBytes);
  for (const cpu of cpus) mask[cpu >> 3]! |= 1 << (cpu & 7);
  return setCall(tid, maskBytes, mask) < 0 ? lastErrno() : 0;
}
