import { constants } from "node:os";
import { lastErrno } from "../libc.js";
import { NativeMemory } from "../native-memory.js";
import { write } from "./backing-calls.js";
import { maxTransferBytes, outHeaderBytes, validSeconds } from "./protocol.js";
import type { StatBuffer } from "./stat-buffer.js";

/** Bytes of `struct fuse_entry_out`, `fuse_attr_out`, `fuse_open_out`. */
export const entryBytes = 128;
export const attributesBytes = 104;
export const openBytes = 16;

const notifyInvalidInode = 2;

/** Word where a reply's arguments begin, after `struct fuse_out_header`. */
const body = 4;

/**
 * The reply that is being made, and the way to send it: one write(2) to /dev/fuse. `send…` return false when the
 * kernel no longer waits for it (ENOENT, the call was aborted), so that what the reply handed out can be taken back.
 */
export class ReplyBuffer {
  readonly memory = new NativeMemory(outHeaderBytes + maxTransferBytes + 4096);
  readonly words = this.memory.words;
  /** Address of the arguments: where a read(2) for the caller puts its data. */
  readonly bodyAddress = this.memory.address + outHeaderBytes;
  readonly #fuseFd: number;
  readonly #header = new NativeMemory(128);

  constructor(fuseFd: number) {
    this.#fuseFd = fuseFd;
  }

  /** Addresses the reply to the request whose `unique` stands at words 2 and 3 of `request`. */
  begin(request: Uint32Array): void {
    this.words[2] = request[2]!;
    this.words[3] = request[3]!;
  }

  /** Sends the first `bytes` of the arguments. */
  send(bytes: number): boolean {
    this.words[0] = outHeaderBytes + bytes;
    this.words[1] = 0;
    return this.#write(this.memory.address, outHeaderBytes + bytes);
  }

  sendError(errno: number): boolean {
    this.words[0] = outHeaderBytes;
    this.words[1] = -errno >>> 0;
    return this.#write(this.memory.address, outHeaderBytes);
  }

  /** Success without arguments when `result` is not negative, else the errno of the call that just failed. */
  sendResult(result: number): boolean {
    return result < 0 ? this.sendError(lastErrno()) : this.send(0);
  }

  /** An error for a request that is not the one being handled. */
  sendErrorTo(uniqueLow: number, uniqueHigh: number, errno: number): void {
    const { words, address } = this.#header;
    words[0] = outHeaderBytes;
    words[1] = -errno >>> 0;
    words[2] = uniqueLow;
    words[3] = uniqueHigh;
    write(this.#fuseFd, address, outHeaderBytes);
  }

  /** `FUSE_NOTIFY_INVAL_INODE` without data: the kernel asks for the attributes again when it next needs them. */
  notifyAttributesChanged(nodeId: number): void {
    const { words, address } = this.#header;
    words.fill(0, 0, 10);
    words[0] = outHeaderBytes + 24;
    words[1] = notifyInvalidInode;
    words[4] = nodeId;
    words[6] = 0xffff_ffff; // offset -1
    words[7] = 0xffff_ffff;
    write(this.#fuseFd, address, outHeaderBytes + 24);
  }

  /** A copy of the reply, header included, to be sent later (`restore`). */
  copy(bytes: number): Uint8Array {
    this.words[0] = outHeaderBytes + bytes;
    this.words[1] = 0;
    return this.memory.bytes.slice(0, outHeaderBytes + bytes);
  }

  /** Puts a copy back, to be sent with `send`; returns the bytes of its arguments. */
  restore(copy: Uint8Array): number {
    this.memory.bytes.set(copy);
    return copy.length - outHeaderBytes;
  }

  /** `struct fuse_entry_out` at `offset` bytes into the arguments. */
  putEntry(offset: number, nodeId: number, stat: StatBuffer, inodeSalt: number): void {
    const { words } = this;
    const at = body + (offset >> 2);
    words[at] = nodeId;
    words[at + 1] = 0;
    words[at + 2] = 0; // generation
    words[at + 3] = 0;
    words[at + 4] = validSeconds;
    words[at + 5] = 0;
    words[at + 6] = validSeconds;
    words[at + 7] = 0;
    words[at + 8] = 0;
    words[at + 9] = 0;
    stat.writeAttributes(words, at + 10, inodeSalt);
  }

  /** `struct fuse_attr_out`. */
  putAttributes(stat: StatBuffer, inodeSalt: number): void {
    const { words } = this;
    words[body] = validSeconds;
    words[body + 1] = 0;
    words[body + 2] = 0;
    words[body + 3] = 0;
    stat.writeAttributes(words, body + 4, inodeSalt);
  }

  /** `struct fuse_open_out` at `offset` bytes into the arguments. */
  putOpen(offset: number, fileHandle: number, flags: number, backingId: number): void {
    const at = body + (offset >> 2);
    this.words[at] = fileHandle;
    this.words[at + 1] = 0;
    this.words[at + 2] = flags;
    this.words[at + 3] = backingId;
  }

  /** A 32-bit word of the arguments. */
  putWord(index: number, value: number): void {
    this.words[body + index] = value;
  }

  putU64(index: number, value: number): void {
    this.memory.setU64(body + index, value);
  }

  #write(address: number, length: number): boolean {
    if (write(this.#fuseFd, address, length) >= 0) return true;
    // A reply the kernel finds malformed leaves the caller waiting: give it an error it can understand.
    if (lastErrno() === constants.errno.EINVAL && length !== outHeaderBytes) {
      this.sendError(constants.errno.EIO);
    }
    return false;
  }
}
