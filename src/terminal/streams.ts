import type { Readable, Writable } from "node:stream";

/** What of `process.stdin` is used. */
export interface TerminalInput extends Readable {
  readonly isTTY?: boolean;
  readonly fd?: number;
  readonly isRaw?: boolean;
  setRawMode?(mode: boolean): unknown;
}

/** What of `process.stdout` and `process.stderr` is used. */
export interface TerminalOutput extends Writable {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  readonly fd?: number;
}
