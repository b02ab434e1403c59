import type { Positions } from "./positions.js";

export interface ParsedFile {
  /** The top level; anything but a table is the loader's to refuse. */
  readonly data: unknown;
  readonly positions: Positions;
}

/** A file that is not what its extension says. Line and column count from 1. */
export class ConfigSyntaxError extends Error {
  readonly line: number;
  readonly column: number;

  constructor(message: string, line: number, column: number) {
    super(message);
    this.line = line;
    this.column = column;
  }
}
