import { closeSync, fstatSync, fsyncSync, ftruncateSync, openSync, readSync, writeSync } from "node:fs";
import { messageOf, NmzError } from "../../util/index.js";
import type { RunLine } from "../format/index.js";
import { runsFileOf } from "./campaign-folder.js";

const newline = 0x0a;
const chunkBytes = 1 << 16;

/**
 * runs.jsonl, for the one who adds to it. A line is on disk when `append` returns, or not in the file at all; what a
 * killed writer left of one is cut off at the beginning.
 */
export class RunLog {
  readonly #path: string;
  readonly #fd: number;
  #size: number;

  /** Throws NMZ_CAMPAIGN_WRITE. */
  constructor(folder: string) {
    this.#path = runsFileOf(folder);
    try {
      this.#fd = openSync(this.#path, "a+");
      this.#size = wholeLinesEnd(this.#fd);
      ftruncateSync(this.#fd, this.#size);
    } catch (error) {
      throw unwritable(this.#path, error);
    }
  }

  /** Throws NMZ_CAMPAIGN_WRITE: then the run does not count, and is made again when the campaign goes on. */
  append(line: RunLine): void {
    const bytes = Buffer.from(`${JSON.stringify(line)}\n`);
    try {
      for (let rest = bytes; rest.length > 0; ) rest = rest.subarray(writeSync(this.#fd, rest));
      fsyncSync(this.#fd);
      this.#size += bytes.length;
    } catch (error) {
      // Half of a line must not become the beginning of the next.
      ftruncateSync(this.#fd, this.#size);
      throw unwritable(this.#path, error);
    }
  }

  close(): void {
    closeSync(this.#fd);
  }
}

/** Behind the last newline, looked for from the end. */
function wholeLinesEnd(fd: number): number {
  const chunk = Buffer.allocUnsafe(chunkBytes);
  for (let end = fstatSync(fd).size; end > 0; ) {
    const start = Math.max(0, end - chunkBytes);
    const count = readSync(fd, chunk, 0, end - start, start);
    const found = chunk.subarray(0, count).lastIndexOf(newline);
    if (found >= 0) return start + found + 1;
    end = start;
  }
  return 0;
}

function unwritable(path: string, error: unknown): NmzError {
  return new NmzError("NMZ_CAMPAIGN_WRITE", `cannot write ${path}: ${messageOf(error)}`, {
    hint: "make room, or let it be written, and go on with --resume: what has ended before is kept",
    cause: error,
  });
}
