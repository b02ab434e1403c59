import { constants } from "node:fs";
import { NativeMemory } from "../native-memory.js";
import type { Arrangement } from "./arranged-listing.js";
import type { Node } from "./node-table.js";

/** What the kernel calls a file handle is the number of the backing descriptor. */
export interface OpenFile {
  readonly fd: number;
  readonly node: Node;
  isAppending: boolean;
  readonly isWritable: boolean;
  readonly isPassthrough: boolean;
}

/** An open folder and what getdents64(2) has read ahead of the caller. */
export interface OpenFolder {
  readonly fd: number;
  readonly node: Node;
  /** Undefined until it is first read. */
  entries: NativeMemory | undefined;
  /** Bytes in `entries`, and how far they have been handed over. */
  filled: number;
  handed: number;
  /** Where the next entry in `entries` is, as the kernel counts: `d_off` of the one before. */
  positionLow: number;
  positionHigh: number;
  /** What has been read of it from the start, for LastListings; undefined after a jump. */
  seen: Uint8Array[] | undefined;
  /** Set when it is listed in another order than its own (arranged-listing.ts). */
  arrangement: Arrangement | undefined;
}

/** Open files and folders by descriptor. */
export class OpenFiles {
  readonly #close: (fd: number) => void;
  readonly #files: (OpenFile | undefined)[] = [];
  readonly #folders: (OpenFolder | undefined)[] = [];
  readonly #spareEntries: NativeMemory[] = [];

  constructor(close: (fd: number) => void) {
    this.#close = close;
  }

  file(handle: number): OpenFile | undefined {
    return this.#files[handle];
  }

  folder(handle: number): OpenFolder | undefined {
    return this.#folders[handle];
  }

  /** The descriptor behind a handle of either kind, -1 for one that was never given out (then a call on it gives EBADF). */
  descriptor(handle: number): number {
    return this.#files[handle] !== undefined || this.#folders[handle] !== undefined ? handle : -1;
  }

  addFile(fd: number, node: Node, flags: number, isPassthrough: boolean): OpenFile {
    const file: OpenFile = {
      fd,
      node,
      isAppending: (flags & constants.O_APPEND) !== 0,
      isWritable: (flags & 3) !== constants.O_RDONLY,
      isPassthrough,
    };
    node.openCount += 1;
    this.#files[fd] = file;
    return file;
  }

  addFolder(fd: number, node: Node): OpenFolder {
    const folder: OpenFolder = {
      fd,
      node,
      entries: undefined,
      filled: 0,
      handed: 0,
      positionLow: 0,
      positionHigh: 0,
      seen: [],
      arrangement: undefined,
    };
    node.openCount += 1;
    this.#folders[fd] = folder;
    return folder;
  }

  /** The buffer of a folder's entries; buffers of closed folders are used again. */
  entriesOf(folder: OpenFolder): NativeMemory {
    folder.entries ??= this.#spareEntries.pop() ?? new NativeMemory(folderBufferBytes);
    return folder.entries;
  }

  /** Nodes that are open for writing. */
  *writableNodes(): Iterable<Node> {
    for (const file of this.#files) if (file?.isWritable === true) yield file.node;
  }

  closeFile(file: OpenFile): void {
    this.#files[file.fd] = undefined;
    file.node.openCount -= 1;
    this.#close(file.fd);
  }

  closeFolder(folder: OpenFolder): void {
    this.#folders[folder.fd] = undefined;
    folder.node.openCount -= 1;
    this.#close(folder.fd);
    if (folder.arrangement === undefined && folder.entries !== undefined && this.#spareEntries.length < 8)
      this.#spareEntries.push(folder.entries);
  }

  closeAll(): void {
    for (const file of this.#files) if (file !== undefined) this.closeFile(file);
    for (const folder of this.#folders) if (folder !== undefined) this.closeFolder(folder);
  }
}

export const folderBufferBytes = 32_768;
