import { constants } from "node:fs";
import { NativeMemory } from "../native-memory.js";
import { close, nameToHandleAt, openat, openByHandleAt } from "./backing-calls.js";
import { AT_EMPTY_PATH, O_CLOEXEC, O_PATH } from "./flags.js";

const maxHandleBytes = 128;

/**
 * File handles: names of inodes that hold nothing open and outlive renames; one whose inode is gone cannot be opened.
 * Needs CAP_DAC_READ_SEARCH and a file system that can be exported (ext4, xfs, btrfs, tmpfs; not overlayfs
 * as Docker mounts it): name_to_handle_at(2).
 */
export class NodeHandles {
  readonly #memory = new NativeMemory(512);
  readonly #mountFd: number;

  /** `rootFd` may be O_PATH; handles are opened through a readable descriptor of the same folder. */
  constructor(rootFd: number) {
    const path = this.#memory.putString(".", 256);
    this.#mountFd = openat(rootFd, path, constants.O_RDONLY | constants.O_DIRECTORY | O_CLOEXEC, 0);
  }

  /** Undefined when the file system has no handles. */
  of(fd: number): Uint8Array | undefined {
    const size = this.#fill(fd);
    return size < 0 ? undefined : this.#memory.bytes.slice(0, size);
  }

  isSame(fd: number, handle: Uint8Array): boolean {
    const size = this.#fill(fd);
    if (size !== handle.length) return false;
    return handle.every((byte, index) => byte === this.#memory.bytes[index]);
  }

  /** An O_PATH descriptor, or negative: ESTALE when the inode is gone. */
  open(handle: Uint8Array): number {
    this.#memory.bytes.set(handle);
    const flags = O_PATH | O_CLOEXEC | constants.O_NOFOLLOW;
    return openByHandleAt(this.#mountFd, this.#memory.address, flags);
  }

  close(): void {
    if (this.#mountFd >= 0) close(this.#mountFd);
  }

  // `struct file_handle` { handle_bytes, handle_type, handle[] }; its size in bytes, or -1.
  #fill(fd: number): number {
    const { words, address, bytes } = this.#memory;
    words[0] = maxHandleBytes;
    bytes[256] = 0;
    if (this.#mountFd < 0) return -1;
    if (nameToHandleAt(fd, address + 256, address, address + 300, AT_EMPTY_PATH) < 0) return -1;
    return 8 + words[0]!;
  }
}
