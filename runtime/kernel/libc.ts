import { constants } from "node:os";
import koffi from "koffi";

/** The C library of this process. koffi is loaded nowhere else but in this folder. */
const library = koffi.load("libc.so.6");

/**
 * Declares a libc function from its C prototype, e.g. `int setns(int fd, int nstype)`. A wrong prototype crashes
 * the process: each declaration is called by a test. `size_t` and `ssize_t` are `uintptr_t` and `intptr_t` here.
 */
export function libcFunction(prototype: string): (...args: unknown[]) => number {
  return library.func(prototype) as unknown as (...args: unknown[]) => number;
}

/** As `libcFunction`, called in another thread: for calls that wait for this one. Its errno is not to be had. */
export function asyncLibcFunction(prototype: string): (...args: unknown[]) => Promise<number> {
  const call = library.func(prototype) as unknown as {
    async(...args: [...unknown[], (error: unknown, result: number) => void]): void;
  };
  return (...args) =>
    new Promise((resolve, reject) => {
      call.async(...args, (error, result) =>
        error === null || error === undefined ? resolve(result) : reject(error),
      );
    });
}

/** errno of the last call on this thread. */
export function lastErrno(): number {
  return koffi.errno();
}

const errnoNames = new Map<number, string>(
  Object.entries(constants.errno).map(([name, value]) => [value, name]),
);

/** 2 → "ENOENT"; an unknown number is given as "errno 999". */
export function errnoName(errno: number): string {
  return errnoNames.get(errno) ?? `errno ${errno}`;
}

/** A system call that failed: what was called, on what, with which errno. */
export class SyscallError extends Error {
  readonly syscall: string;
  readonly errno: number;
  /** "EPERM", … */
  readonly code: string;

  constructor(syscall: string, errno: number, subject?: string) {
    const code = errnoName(errno);
    super(`${syscall}${subject === undefined ? "" : ` ${subject}`}: ${code}`);
    this.name = "SyscallError";
    this.syscall = syscall;
    this.errno = errno;
    this.code = code;
  }
}

/** Passes a result through, or throws the SyscallError when it is negative. */
export function checked(result: number, syscall: string, subject?: string): number {
  if (result < 0) throw new SyscallError(syscall, lastErrno(), subject);
  return result;
}

/**
 * Where a view's memory lies, for functions declared with `uintptr_t` pointers: a number crosses to C faster than a
 * view, and an offset can be added to it. Valid as long as the view's buffer is reachable; only for buffers of more
 * than 64 bytes, which V8 never moves.
 */
export function addressOf(view: Uint8Array): number {
  return Number(koffi.address(view));
}
