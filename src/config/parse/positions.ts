import type { KeyPath } from "../key-table.js";

/** On which line each key of a file stands. */
export class Positions {
  readonly #lines = new Map<string, number>();

  set(path: KeyPath, line: number): void {
    this.#lines.set(identity(path), line);
  }

  /** The line of the key, or of the nearest table around it. */
  lineOf(path: KeyPath): number | undefined {
    for (let length = path.length; length > 0; length--) {
      const line = this.#lines.get(identity(path.slice(0, length)));
      if (line !== undefined) return line;
    }
    return undefined;
  }
}

function identity(path: KeyPath): string {
  return JSON.stringify(path);
}
