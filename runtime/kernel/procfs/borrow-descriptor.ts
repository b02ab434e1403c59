import { closeSync } from "node:fs";
import { checked, libcFunction, SyscallError } from "../libc.js";

// asm-generic/unistd.h: the same numbers on every architecture.
const pidfdOpen = 434;
const pidfdGetfd = 438;
const openCall = libcFunction("long syscall(long number, int pid, unsigned int flags)");
const getCall = libcFunction("long syscall(long number, int pidfd, int fd, unsigned int flags)");

/**
 * A descriptor of another process as one of ours (pidfd_getfd(2), Linux 5.6): the same open file with its offset, also a
 * pipe or a socket. Undefined when it has none of that number or has ended. Other failures throw a SyscallError.
 */
export function borrowDescriptor(pid: number, fd: number): number | undefined {
  try {
    const pidfd = checked(openCall(pidfdOpen, pid, 0), "pidfd_open", `process ${pid}`);
    try {
      return checked(getCall(pidfdGetfd, pidfd, fd, 0), "pidfd_getfd", `${fd} of process ${pid}`);
    } finally {
      closeSync(pidfd);
    }
  } catch (error) {
    const isGone = error instanceof SyscallError && (error.code === "ESRCH" || error.code === "EBADF");
    if (isGone) return undefined;
    throw error;
  }
}
