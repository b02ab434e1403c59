import { readFileSync, realpathSync, statSync, writeFileSync } from "node:fs";
import { checked, libcFunction } from "../libc.js";
import {
  abortFuseConnection,
  type MountPlace,
  mount,
  mountFlag,
  mountPlace,
  openMountTree,
  type UnmountResult,
  unmount,
} from "../mount/index.js";
import { NativeMemory } from "../native-memory.js";

const open = libcFunction("int open64(const char *path, int flags)");
const close = libcFunction("int close(int fd)");
const eventfd = libcFunction("int eventfd(uint32_t initial, int flags)");
const fstatfs = libcFunction("int fstatfs64(int fd, uintptr_t buffer)");

const O_RDWR = 2;
const O_CLOEXEC = 0o2000000;
const EFD_NONBLOCK = 0o4000;

/**
 * File systems that report at close(2) what they could not write: linux/magic.h (NFS, SMB, CIFS, FUSE, Ceph, 9P,
 * AFS).
 */
const flushingTypes = new Set([
  0x6969, 0xfe534d42, 0xff534d42, 0x517b, 0x65735546, 0x00c36400, 0x01021997, 0x5346414f,
]);

/** Read-ahead of the mount, KiB: one READ request carries up to 1 MiB. */
const readAheadKb = 1024;

/** A FUSE mount that nobody serves yet, and the descriptors that a serving thread needs. */
export class FuseMount {
  readonly mountPoint: string;
  readonly fuseFd: number;
  readonly rootFd: number;
  readonly eventFd: number;
  readonly needsFlush: boolean;
  readonly #place: MountPlace;
  /** mountinfo's "major:minor", which names the connection. */
  readonly #device: string;
  #isClosed = false;

  /**
   * Mounts. Throws SyscallError, or the Error of a source or mount point that is not there; then nothing is left
   * behind. The mount point has the same path here and in `place`.
   */
  constructor(source: string, mountPoint: string, isReadOnly: boolean, place = mountPlace()) {
    this.#place = place;
    const realSource = realpathSync(source);
    const rootMode = statSync(realSource).mode;
    this.mountPoint = realpathSync(mountPoint);
    const opened: number[] = [];
    try {
      this.fuseFd = checked(open("/dev/fuse", O_RDWR | O_CLOEXEC), "open", "/dev/fuse");
      opened.push(this.fuseFd);
      this.rootFd = openMountTree(realSource).fd;
      opened.push(this.rootFd);
      this.eventFd = checked(eventfd(0, O_CLOEXEC | EFD_NONBLOCK), "eventfd");
      opened.push(this.eventFd);
      const backing = statfsOf(this.rootFd);
      this.needsFlush = flushingTypes.has(backing.type);
      const request = {
        source: realSource,
        target: this.mountPoint,
        type: "fuse.nmzc",
        flags: backing.mountFlags | (isReadOnly ? mountFlag.readOnly : 0),
        data: `fd=${this.fuseFd},rootmode=${rootMode.toString(8)},user_id=0,group_id=0,allow_other,default_permissions`,
      };
      place.run(() => mount(request));
      this.#device = place.mountAt(this.mountPoint)?.device ?? "0:0";
    } catch (error) {
      for (const fd of opened) close(fd);
      throw error;
    }
    raiseReadAhead(this.#device);
  }

  unmount(how?: "force" | "detach"): UnmountResult {
    return this.#place.run(() => unmount(this.mountPoint, how));
  }

  /** All that waits on the mount fails, and its server reads ENODEV. */
  abort(): void {
    abortFuseConnection(this.#device);
  }

  /** Closes the descriptors; the mount must be gone. Idempotent. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const fd of [this.fuseFd, this.rootFd, this.eventFd]) close(fd);
  }
}

// `struct statfs` of 64-bit Linux: f_type first, f_flags (the ST_… of statvfs.h, equal to MS_… for these) at word 20.
function statfsOf(fd: number): { readonly type: number; readonly mountFlags: number } {
  const memory = new NativeMemory(256);
  checked(fstatfs(fd, memory.address), "fstatfs");
  const inherited = mountFlag.readOnly | mountFlag.noSuid | mountFlag.noDev | mountFlag.noExec;
  return { type: memory.words[0]!, mountFlags: memory.words[20]! & inherited };
}

/** Before the server answers INIT, which can only lower it. A sealed /sys costs speed, nothing else. */
function raiseReadAhead(device: string): void {
  try {
    writeFileSync(`/sys/class/bdi/${device}/read_ahead_kb`, `${readAheadKb}\n`);
  } catch {
    // Stays at the kernel's default.
  }
}

/** How many O_PATH descriptors one mount's nodes may hold: some of what the process may open. */
export function nodeDescriptorBudget(): number {
  const soft = /^Max open files\s+(\d+)/m.exec(readFileSync("/proc/self/limits", "latin1"))?.[1];
  return Math.max(256, Math.min(16_384, Math.floor(Number(soft ?? 1024) / 8)));
}
