import { NativeMemory } from "../native-memory.js";
import { body, inHeaderBytes, requestBufferBytes } from "./protocol.js";

/**
 * The request that is being handled, read straight from /dev/fuse. One per server: a request that must wait is copied
 * out (`copy`) and put back (`restore`) when its time has come.
 */
export class RequestBuffer {
  readonly memory = new NativeMemory(requestBufferBytes);
  readonly words = this.memory.words;
  /** Length in bytes, as read. */
  length = 0;

  get opcode(): number {
    return this.words[1]!;
  }

  get nodeId(): number {
    return this.words[4]!;
  }

  get uid(): number {
    return this.words[6]!;
  }

  get gid(): number {
    return this.words[7]!;
  }

  /** The thread that called. */
  get pid(): number {
    return this.words[8]!;
  }

  /** A 32-bit field, counted in words from the end of the header. */
  word(index: number): number {
    return this.words[body + index]!;
  }

  u64(index: number): number {
    return this.memory.u64(body + index);
  }

  /** Address of what begins `offset` bytes after the header. */
  addressAt(offset: number): number {
    return this.memory.address + inHeaderBytes + offset;
  }

  /** Offset just past the NUL of the string at `offset`; both count from the end of the header. */
  afterString(offset: number): number {
    return this.memory.bytes.indexOf(0, inHeaderBytes + offset) + 1 - inHeaderBytes;
  }

  /**
   * The string at `offset`, for people and events; system calls take its address instead, so that no byte is lost.
   */
  stringAt(offset: number): string {
    const start = inHeaderBytes + offset;
    const end = this.memory.bytes.indexOf(0, start);
    return Buffer.from(this.memory.bytes.buffer, start, Math.max(0, end - start)).toString("utf8");
  }

  /**
   * True when the request is as long as it says and holds `bodyBytes` of arguments followed by `strings`
   * NUL-terminated strings.
   */
  holds(bodyBytes: number, strings: number): boolean {
    if (this.length < inHeaderBytes + bodyBytes) return false;
    let at = inHeaderBytes + bodyBytes;
    for (let i = 0; i < strings; i++) {
      const end = this.memory.bytes.indexOf(0, at);
      if (end < 0 || end >= this.length) return false;
      at = end + 1;
    }
    return true;
  }

  copy(): Uint8Array {
    return this.memory.bytes.slice(0, this.length);
  }

  restore(copy: Uint8Array): void {
    this.memory.bytes.set(copy);
    this.length = copy.length;
  }
}
