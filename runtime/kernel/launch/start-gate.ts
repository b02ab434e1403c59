import { closeSync, writeSync } from "node:fs";
import { checked, libcFunction } from "../libc.js";

const pipe2 = libcFunction("int pipe2(int *ends, int flags)");
const O_CLOEXEC = 0o2000000;

// Reads one byte at a time (POSIX demands it of a shell), so that what follows the line is not its own.
const script = 'read -r _ <"$1" || exit 125; shift; exec "$@"';

/**
 * A shell waits for a line from a pipe of ours and becomes the program by exec(2), with the same pid. When we are killed
 * the pipe ends, and the shell with it: unlike a process that was stopped, it does not wait for ever. The pipe is reached
 * through /proc, because node-pty hands no descriptors on.
 */
export class StartGate {
  readonly #readEnd: number;
  readonly #writeEnd: number;
  #isClosed = false;

  constructor() {
    const ends = new Int32Array(2);
    checked(pipe2(ends, O_CLOEXEC), "pipe2");
    [this.#readEnd, this.#writeEnd] = ends as unknown as [number, number];
  }

  /** What is to be started instead of `command`; with `through` by what these words are. */
  wordsFor(
    command: readonly string[],
    through: readonly string[] = [],
  ): readonly [file: string, ...args: string[]] {
    const gate = ["/bin/sh", "-c", script, "sh", `/proc/${process.pid}/fd/${this.#readEnd}`, ...command];
    return [...through, ...gate] as unknown as readonly [string, ...string[]];
  }

  open(): void {
    writeSync(this.#writeEnd, "\n");
  }

  /** When the program has ended, or nobody will start. Idempotent. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    closeSync(this.#readEnd);
    closeSync(this.#writeEnd);
  }
}
