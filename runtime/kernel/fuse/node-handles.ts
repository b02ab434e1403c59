import { constants } from "node:fs";
import { NativeMemory } from "../native-memory.js";
import { close, nameToHandleAt, openat, openByHandleAt, readlinkat } from "./backing-calls.js";
import type { DescriptorPaths } from "./descriptor-paths.js";
import { AT_EMPTY_PATH, O_CLOEXEC, O_PATH } from "./flags.js";
import { StatBuffer } from "./stat-buffer.js";

const maxHandleBytes = 128;
const openFlags = O_PATH | O_CLOEXEC | constants.O_NOFOLLOW;
/** No `handle_bytes` is this long: what follows is a place. */
const placeMark = 0xffff_ffff;
/** Mark, inode number, device, birth time; then the path. */
const placeHeaderBytes = 40;

/**
 * What a node is opened again by after it was put away. A file handle names an inode, holds nothing open and outlives
 * renames; that needs CAP_DAC_READ_SEARCH and a file system that can be exported (ext4, xfs, btrfs, tmpfs):
 * name_to_handle_at(2). On others (overlayfs as Docker mounts it) it is the place where the inode was and when it
 * was born. If something else is there by then the node is stale, and the kernel looks its name up again.
 */
export class NodeHandles {
  readonly #memory = new NativeMemory(8192);
  readonly #stat = new StatBuffer();
  readonly #rootFd: number;
  readonly #mountFd: number;
  readonly #paths: DescriptorPaths;
  readonly #rootPathBytes: number;

  /** `rootFd` may be O_PATH; handles are opened through a readable descriptor of the same folder. */
  constructor(rootFd: number, paths: DescriptorPaths) {
    this.#rootFd = rootFd;
    this.#paths = paths;
    const path = this.#memory.putString(".");
    this.#mountFd = openat(rootFd, path, constants.O_RDONLY | constants.O_DIRECTORY | O_CLOEXEC, 0);
    const length = this.#readPath(rootFd);
    this.#rootPathBytes = length === 1 ? 1 : length + 1;
  }

  /** `isOnRoot`: on the root's own file system, not on one mounted below it. Undefined when neither can be had. */
  of(fd: number, isOnRoot: boolean): Uint8Array | undefined {
    const size = isOnRoot ? this.#fillHandle(fd) : -1;
    if (size > 0) return this.#memory.bytes.slice(0, size);
    return this.#placeOf(fd);
  }

  isSame(fd: number, handle: Uint8Array): boolean {
    if (isPlace(handle)) return this.#putIdentity(fd) && this.#startsLike(handle, placeHeaderBytes);
    return this.#fillHandle(fd) === handle.length && this.#startsLike(handle, handle.length);
  }

  /** An O_PATH descriptor, or negative when the inode is gone or elsewhere. */
  open(handle: Uint8Array): number {
    const { bytes, address } = this.#memory;
    if (!isPlace(handle)) {
      bytes.set(handle);
      return openByHandleAt(this.#mountFd, address, openFlags);
    }
    bytes.set(handle.subarray(placeHeaderBytes), pathOffset);
    const fd = openat(this.#rootFd, address + pathOffset, openFlags, 0);
    if (fd < 0 || this.isSame(fd, handle)) return fd;
    close(fd);
    return -1;
  }

  close(): void {
    if (this.#mountFd >= 0) close(this.#mountFd);
  }

  // `struct file_handle` { handle_bytes, handle_type, handle[] }; its size in bytes, or -1.
  #fillHandle(fd: number): number {
    const { words, address, bytes } = this.#memory;
    words[0] = maxHandleBytes;
    bytes[256] = 0;
    if (this.#mountFd < 0) return -1;
    if (nameToHandleAt(fd, address + 256, address, address + 300, AT_EMPTY_PATH) < 0) return -1;
    return 8 + words[0]!;
  }

  #placeOf(fd: number): Uint8Array | undefined {
    if (!this.#putIdentity(fd)) return undefined;
    const end = pathOffset + this.#readPath(fd);
    const start = pathOffset + this.#rootPathBytes;
    const place = new Uint8Array(placeHeaderBytes + Math.max(0, end - start) + 1);
    place.set(this.#memory.bytes.subarray(0, placeHeaderBytes));
    place.set(this.#memory.bytes.subarray(start, Math.max(start, end)), placeHeaderBytes);
    return place;
  }

  #putIdentity(fd: number): boolean {
    if (!this.#stat.ofDescriptor(fd)) return false;
    const from = this.#stat.memory.words;
    // stx_ino, stx_dev_major, stx_dev_minor, stx_btime
    this.#memory.words.set([placeMark, 0, from[8]!, from[9]!, from[34]!, from[35]!], 0);
    this.#memory.words.set([from[20]!, from[21]!, from[22]!, 0], 6);
    return true;
  }

  #readPath(fd: number): number {
    const { folder } = this.#paths;
    return readlinkat(folder, this.#paths.nameOf(fd), this.#memory.address + pathOffset, 4096);
  }

  #startsLike(handle: Uint8Array, length: number): boolean {
    for (let i = 0; i < length; i++) if (handle[i] !== this.#memory.bytes[i]) return false;
    return true;
  }
}

const pathOffset = 1024;

function isPlace(handle: Uint8Array): boolean {
  return handle[0] === 0xff && handle[1] === 0xff && handle[2] === 0xff && handle[3] === 0xff;
}
