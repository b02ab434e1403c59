import { closeSync, openSync, writeSync } from "node:fs";
import { checked, libcFunction } from "../libc.js";
import { type MountEntry, readMounts } from "./mountinfo.js";

const setns = libcFunction("int setns(int fd, int nstype)");
const unshare = libcFunction("int unshare(int flags)");
const fchdir = libcFunction("int fchdir(int fd)");
const chroot = libcFunction("int chroot(const char *path)");

// linux/sched.h
const CLONE_FS = 0x200;
const CLONE_NEWNS = 0x20000;

/** Where mounts are made that others shall see: a mount namespace. */
export interface MountPlace {
  /** Runs `work` with this thread there: what it mounts and unmounts by path, it does there. Synchronous. */
  run<T>(work: () => T): T;
  mountAt(path: string): MountEntry | undefined;
}

/** The namespace that this process lives in. */
export const ownMountPlace: MountPlace = {
  run: (work) => work(),
  mountAt: (path) => topmost(readMounts(), path),
};

let usual = ownMountPlace;

/** Where this process makes mounts for containers: its own namespace, unless it was told otherwise. */
export function mountPlace(): MountPlace {
  return usual;
}

/**
 * From now on mounts for containers are made where process `pid` lives: the engine, when we are in a container ourselves.
 * Once, at the start. Needs CAP_SYS_ADMIN, CAP_SYS_CHROOT, and CAP_SYS_PTRACE where that process has more capabilities
 * than ours. Throws SyscallError, or Node's error when the namespace may not be opened.
 */
export function makeMountsWhereProcessLives(pid: number): void {
  const place = placeOf(pid);
  place.run(() => {}); // what is missing shows now
  usual = place;
}

function placeOf(pid: number): MountPlace {
  const path = `/proc/${pid}/ns/mnt`;
  closeSync(openSync(path, "r"));
  return {
    run: (work) => inMountNamespace(path, work),
    mountAt: (mountPoint) => topmost(readMounts(`/proc/${pid}/mountinfo`), mountPoint),
  };
}

function topmost(entries: readonly MountEntry[], path: string): MountEntry | undefined {
  return entries.findLast((entry) => entry.mountPoint === path);
}

/** setns(2) leaves the thread at the root of the other namespace, so root and working directory are put back, too. */
function inMountNamespace<T>(path: string, work: () => T): T {
  const opened: number[] = [];
  const open = (what: string): number => {
    const fd = openSync(what, "r");
    opened.push(fd);
    return fd;
  };
  try {
    const [target, home, root, folder] = [open(path), open("/proc/thread-self/ns/mnt"), open("/"), open(".")];
    // A thread that shares root and working directory with others cannot change its mount namespace, and each new
    // thread shares those of the one that starts it.
    checked(unshare(CLONE_FS), "unshare", "root and working directory of this thread");
    checked(setns(target, CLONE_NEWNS), "setns", path);
    try {
      return work();
    } finally {
      comeBack(home, root, folder);
    }
  } finally {
    for (const fd of opened) closeSync(fd);
  }
}

function comeBack(home: number, root: number, folder: number): void {
  try {
    checked(setns(home, CLONE_NEWNS), "setns", "back to the own mount namespace");
    checked(fchdir(root), "fchdir", "/");
    checked(chroot("."), "chroot", "/");
    checked(fchdir(folder), "fchdir", "the working directory");
  } catch (error) {
    writeSync(
      2,
      `nmzc: ${String(error)}: this thread is lost in a foreign namespace, the process must end\n`,
    );
    process.abort();
  }
}
