import { closeSync, mkdtempSync, openSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NativeMemory } from "../native-memory.js";
import { pread, pwrite } from "./backing-calls.js";

export const pageBytes = 4096;

/**
 * Old pages of files, in a temporary file without a name: memory does not grow with what a workload writes, and a
 * kill leaves nothing behind.
 */
export class UnsyncedSpill {
  readonly #maxPages: number;
  readonly #page = new NativeMemory(pageBytes);
  readonly #free: number[] = [];
  #fd = -1;
  #pages = 0;

  constructor(maxBytes: number) {
    this.#maxPages = Math.floor(maxBytes / pageBytes);
  }

  /** Keeps `bytes` of a file; its place here, or -1 when there is no room or the file cannot be read. */
  keep(fromFd: number, offset: number, bytes: number): number {
    if (this.#fd < 0) this.#fd = openUnnamed();
    const place = this.#free.pop() ?? (this.#pages < this.#maxPages ? this.#pages++ : -1);
    if (place < 0) return -1;
    const { address } = this.#page;
    const isKept =
      pread(fromFd, address, bytes, offset) === bytes &&
      pwrite(this.#fd, address, bytes, place * pageBytes) === bytes;
    if (isKept) return place;
    this.#free.push(place);
    return -1;
  }

  /** Writes what was kept back; false when that failed. */
  putBack(place: number, toFd: number, offset: number, bytes: number): boolean {
    const { address } = this.#page;
    return (
      pread(this.#fd, address, bytes, place * pageBytes) === bytes &&
      pwrite(toFd, address, bytes, offset) === bytes
    );
  }

  release(places: Iterable<number>): void {
    for (const place of places) this.#free.push(place);
  }

  close(): void {
    if (this.#fd >= 0) closeSync(this.#fd);
    this.#fd = -1;
  }
}

function openUnnamed(): number {
  const folder = mkdtempSync(join(tmpdir(), "nmzc-unsynced-"));
  try {
    return openSync(join(folder, "pages"), "wx+", 0o600);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
