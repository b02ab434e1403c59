import { lastErrno, libcFunction, SyscallError } from "../libc.js";
import type { SchedulingAttributes } from "./attributes.js";

// asm/unistd_64.h and asm-generic/unistd.h
const callNumbers: Readonly<Record<string, { readonly set: number; readonly get: number }>> = {
  x64: { set: 314, get: 315 },
  arm64: { set: 274, get: 275 },
  riscv64: { set: 274, get: 275 },
};

const attributesBytes = 48; // SCHED_ATTR_SIZE_VER0
const attributes = new DataView(new ArrayBuffer(64));
const attributesMemory = new Uint8Array(attributes.buffer);

const setCall = libcFunction("long syscall(long number, int tid, void *attributes, unsigned int flags)");
const getCall = libcFunction(
  "long syscall(long number, int tid, void *attributes, unsigned int size, unsigned int flags)",
);

function numbers(): { readonly set: number; readonly get: number } {
  const known = callNumbers[process.arch];
  if (known === undefined) throw new SyscallError("sched_setattr", 38, `on ${process.arch}`); // ENOSYS
  return known;
}

/**
 * sched_setattr(2) on one thread (0: the calling one). Returns 0, or the errno: ESRCH no such thread, EPERM (no
 * CAP_SYS_NICE; a closed real-time group; a deadline thread whose affinity is not the whole root domain), EINVAL (values
 * out of range), EBUSY (deadline admission).
 */
export function trySetSchedAttributes(tid: number, wanted: SchedulingAttributes): number {
  attributes.setUint32(0, attributesBytes, true);
  attributes.setUint32(4, wanted.policy, true);
  attributes.setUint32(8, wanted.flags, true);
  attributes.setUint32(12, 0, true);
  attributes.setInt32(16, wanted.nice, true);
  attributes.setUint32(20, wanted.priority, true);
  writeNanoseconds(24, wanted.runtimeNs);
  writeNanoseconds(32, wanted.deadlineNs);
  writeNanoseconds(40, wanted.periodNs);
  return setCall(numbers().set, tid, attributesMemory, 0) < 0 ? lastErrno() : 0;
}

/** As `trySetSchedAttributes`; throws a SyscallError. */
export function setSchedAttributes(tid: number, wanted: SchedulingAttributes): void {
  const errno = trySetSchedAttributes(tid, wanted);
  if (errno !== 0) throw new SyscallError("sched_setattr", errno, `thread ${tid}`);
}

/** sched_getattr(2) on one thread (0: the calling one), or undefined when it is gone. Other failures throw. */
export function getSchedAttributes(tid: number): SchedulingAttributes | undefined {
  if (getCall(numbers().get, tid, attributesMemory, attributesBytes, 0) < 0) {
    const errno = lastErrno();
    if (errno === 3) return undefined; // ESRCH
    throw new SyscallError("sched_getattr", errno, `thread ${tid}`);
  }
  return {
    policy: attributes.getUint32(4, true),
    flags: attributes.getUint32(8, true),
    nice: attributes.getInt32(16, true),
    priority: attributes.getUint32(20, true),
    runtimeNs: readNanoseconds(24),
    deadlineNs: readNanoseconds(32),
    periodNs: readNanoseconds(40),
  };
}

// Times are below 2^53 ns (104 days): two 32-bit halves avoid the BigInt of setBigUint64.
function writeNanoseconds(offset: number, value: number): void {
  attributes.setUint32(offset, value % 0x1_0000_0000, true);
  attributes.setUint32(offset + 4, Math.floor(value / 0x1_0000_0000), true);
}

function readNanoseconds(offset: number): number {
  return attributes.getUint32(offset, true) + attributes.getUint32(offset + 4, true) * 0x1_0000_0000;
}
