import { checked, libcFunction } from "../libc.js";
import { NativeMemory } from "../native-memory.js";

const syscall = libcFunction(
  "intptr_t syscall(intptr_t number, intptr_t a, intptr_t b, intptr_t c, intptr_t d, intptr_t e)",
);
const openat = libcFunction("int openat64(int folder, const char *path, int flags)");
const write = libcFunction("intptr_t write(int fd, const char *text, uintptr_t count)");
const close = libcFunction("int close(int fd)");

// asm-generic/unistd.h, linux/mount.h; the same on every architecture.
const fsopen = 430;
const fsconfig = 431;
const fsmount = 432;
const FSCONFIG_CMD_CREATE = 6;
const O_WRONLY = 1;
const O_CLOEXEC = 0o2000000;

/**
 * Cuts a FUSE connection: all that waits on it fails, and its server reads ENODEV. `device` is mountinfo's
 * "major:minor" of the mount; the control file system names connections by the minor. It is mounted for this
 * call only and nowhere (fsmount), because most containers and some hosts do not have it. Throws SyscallError, with
 * ENOENT when the connection is gone already.
 */
export function abortFuseConnection(device: string): void {
  const connection = device.split(":")[1];
  const name = new NativeMemory(128);
  const context = checked(syscall(fsopen, name.putString("fusectl"), 1, 0, 0, 0), "fsopen", "fusectl");
  try {
    checked(syscall(fsconfig, context, FSCONFIG_CMD_CREATE, 0, 0, 0), "fsconfig", "fusectl");
    const root = checked(syscall(fsmount, context, 1, 0, 0, 0), "fsmount", "fusectl");
    try {
      const file = checked(
        openat(root, `${connection}/abort`, O_WRONLY | O_CLOEXEC),
        "open",
        `${connection}/abort`,
      );
      const result = write(file, "1", 1);
      close(file);
      checked(result, "write", `${connection}/abort`);
    } finally {
      close(root);
    }
  } finally {
    close(context);
  }
}
