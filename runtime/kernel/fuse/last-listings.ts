import type { Node } from "./node-table.js";
import type { OpenFolder } from "./open-files.js";

const maxFolders = 256;
const maxBytes = 1 << 20;

/** What folders looked like when they were last listed to the end: raw getdents64(2) records. Bounded; the oldest go first. */
export class LastListings {
  readonly #isKept: boolean;
  readonly #byFolder = new Map<Node, readonly Uint8Array[]>();

  /** `isKept` 0: nobody can ask. */
  constructor(isKept: number) {
    this.#isKept = isKept !== 0;
  }

  /** `filled` bytes of `entries` have been read from the folder; 0 is its end. */
  note(folder: OpenFolder, entries: Uint8Array, filled: number): void {
    if (!this.#isKept || folder.seen === undefined) return;
    if (filled > 0) {
      folder.seen.push(entries.slice(0, filled));
      if (folder.seen.reduce((sum, part) => sum + part.length, 0) > maxBytes) folder.seen = undefined;
    } else if (filled === 0) {
      this.put(folder.node, folder.seen);
      folder.seen = undefined;
    }
  }

  put(node: Node, parts: readonly Uint8Array[]): void {
    this.#byFolder.delete(node);
    this.#byFolder.set(node, parts);
    if (this.#byFolder.size > maxFolders) this.#byFolder.delete(this.#byFolder.keys().next().value!);
  }

  /** Undefined: not listed to the end before, too long ago, or longer than is remembered. */
  of(node: Node): readonly Uint8Array[] | undefined {
    return this.#byFolder.get(node);
  }
}
