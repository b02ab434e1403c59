import { constants } from "node:fs";
import { checked } from "../libc.js";
import { NativeMemory } from "../native-memory.js";
import { close, openat } from "./backing-calls.js";
import { AT_FDCWD, O_CLOEXEC } from "./flags.js";

/**
 * /proc/self/fd: the way from an O_PATH descriptor to what an O_PATH descriptor cannot do itself (open for reading,
 * chmod, extended attributes), without ever walking a path that somebody could change meanwhile.
 */
export class DescriptorPaths {
  /** The folder /proc/self/fd, for the *at calls. */
  readonly folder: number;
  readonly #memory = new NativeMemory(128);
  readonly #prefixLength: number;

  constructor() {
    this.#memory.putString("/proc/self/fd");
    const flags = constants.O_RDONLY | constants.O_DIRECTORY | O_CLOEXEC;
    this.folder = checked(openat(AT_FDCWD, this.#memory.address, flags, 0), "open", "/proc/self/fd");
    this.#memory.putString("/proc/self/fd/");
    this.#prefixLength = 14;
  }

  /** Address of "<fd>", relative to `folder`; valid until the next call. */
  nameOf(fd: number): number {
    const { bytes, address } = this.#memory;
    let digits = 1;
    for (let rest = fd; rest >= 10; rest = (rest / 10) | 0) digits += 1;
    const start = this.#prefixLength;
    let rest = fd;
    for (let at = start + digits - 1; at >= start; at--) {
      bytes[at] = 48 + (rest % 10);
      rest = (rest / 10) | 0;
    }
    bytes[start + digits] = 0;
    return address + start;
  }

  /** Address of "/proc/self/fd/<fd>", for calls without a folder argument; valid until the next call. */
  pathOf(fd: number): number {
    return this.nameOf(fd) - this.#prefixLength;
  }

  close(): void {
    close(this.folder);
  }
}
