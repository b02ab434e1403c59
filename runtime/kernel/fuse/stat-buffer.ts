import { NativeMemory } from "../native-memory.js";
import { statx } from "./backing-calls.js";
import { AT_EMPTY_PATH, AT_NO_AUTOMOUNT, AT_SYMLINK_NOFOLLOW, STATX_ALL } from "./flags.js";

/** Bytes of `struct statx` and of `struct fuse_attr`. */
export const statxBytes = 256;

/**
 * The last statx(2) made. statx and not stat: its layout is the same on every architecture (linux/stat.h), and it
 * knows the birth time.
 */
export class StatBuffer {
  readonly memory = new NativeMemory(statxBytes + 64);
  readonly #words = this.memory.words;
  readonly #emptyPath = this.memory.address + statxBytes;

  /** Of an open descriptor, O_PATH or not. */
  ofDescriptor(fd: number): boolean {
    return statx(fd, this.#emptyPath, AT_EMPTY_PATH, STATX_ALL, this.memory.address) === 0;
  }

  /** Of a name in a folder, links not followed. */
  ofName(folderFd: number, nameAddress: number): boolean {
    const flags = AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT;
    return statx(folderFd, nameAddress, flags, STATX_ALL, this.memory.address) === 0;
  }

  get mode(): number {
    return this.#words[7]! & 0xffff;
  }

  get isRegularFile(): boolean {
    return (this.mode & 0o170000) === 0o100000;
  }

  /** Bytes. */
  get size(): number {
    return this.memory.u64(10);
  }

  get linkCount(): number {
    return this.#words[4]!;
  }

  get inodeLow(): number {
    return this.#words[8]!;
  }

  get inodeHigh(): number {
    return this.#words[9]!;
  }

  /** Device as one number, for comparing. */
  get device(): number {
    return this.#words[34]! * 0x10_0000 + this.#words[35]!;
  }

  /** Writes `struct fuse_attr` at a word. `inodeSalt` is or-ed into the high word: see NodeTable. */
  writeAttributes(out: Uint32Array, at: number, inodeSalt: number): void {
    const stat = this.#words;
    out[at] = stat[8]!;
    out[at + 1] = stat[9]! ^ inodeSalt;
    out[at + 2] = stat[10]!; // size
    out[at + 3] = stat[11]!;
    out[at + 4] = stat[12]!; // blocks
    out[at + 5] = stat[13]!;
    out[at + 6] = stat[16]!; // atime
    out[at + 7] = stat[17]!;
    out[at + 8] = stat[28]!; // mtime
    out[at + 9] = stat[29]!;
    out[at + 10] = stat[24]!; // ctime
    out[at + 11] = stat[25]!;
    out[at + 12] = stat[18]!;
    out[at + 13] = stat[30]!;
    out[at + 14] = stat[26]!;
    out[at + 15] = stat[7]! & 0xffff;
    out[at + 16] = stat[4]!;
    out[at + 17] = stat[5]!;
    out[at + 18] = stat[6]!;
    out[at + 19] = deviceNumber(stat[32]!, stat[33]!);
    out[at + 20] = stat[1]!;
    out[at + 21] = 0;
  }
}

/** The kernel's 32-bit `new_encode_dev`: linux/kdev_t.h. */
export function deviceNumber(major: number, minor: number): number {
  return ((minor & 0xff) | (major << 8) | ((minor & ~0xff) << 12)) >>> 0;
}
