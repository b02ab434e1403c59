import { closeSync, constants, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { lastErrno, libcFunction, SyscallError } from "../libc.js";

const flock = libcFunction("int flock(int fd, int operation)");
const lockExclusively = 2;
const withoutWaiting = 4;
const wouldBlock = 11; // EAGAIN

/**
 * Takes flock(2) on an open file without waiting; false: another open file description has it. The kernel drops it when the last
 * descriptor is closed, and so when its process dies. Throws SyscallError.
 */
export function tryFileLock(fd: number): boolean {
  if (flock(fd, lockExclusively | withoutWaiting) === 0) return true;
  const errno = lastErrno();
  if (errno === wouldBlock) return false;
  throw new SyscallError("flock", errno);
}

/**
 * Runs `work` while holding flock(2) on `path` (made when missing, mode 0600). The kernel drops the lock of a process
 * that dies. `work` is given the open descriptor and must be quick: others wait, at most `patienceMs`.
 */
export async function withFileLock<T>(path: string, work: (fd: number) => T, patienceMs = 5000): Promise<T> {
  mkdirSync(dirname(path), { recursive: true, mode: 0o711 });
  const fd = openSync(path, constants.O_RDWR | constants.O_CREAT, 0o600);
  try {
    const until = performance.now() + patienceMs;
    while (!tryFileLock(fd)) {
      if (performance.now() > until) throw new SyscallError("flock", wouldBlock, path);
      await sleep(2);
    }
    return work(fd);
  } finally {
    closeSync(fd);
  }
}
