import { constants } from "node:fs";
import { close, fsync, ftruncate, openat } from "./backing-calls.js";
import type { DescriptorPaths } from "./descriptor-paths.js";
import { O_CLOEXEC } from "./flags.js";
import type { Node, NodeTable } from "./node-table.js";
import { StatBuffer } from "./stat-buffer.js";
import { pageBytes, UnsyncedSpill } from "./unsynced-spill.js";

/** What a crash took from one file. */
export interface LostFile {
  /** Relative to the mount's root. */
  readonly path: string;
  /** Changes of its content since it was last synced: writes, truncations. */
  readonly writes: number;
  /** Bytes that those writes wrote. */
  readonly bytes: number;
}

/** A file that has changed since it was last synced, and the way back. */
interface UnsyncedFile {
  readonly key: string;
  /** Readable, and held: the inode stays this file's whatever becomes of its names. */
  readonly fd: number;
  readonly syncedSize: number;
  /** Page number → where its synced content is kept. */
  readonly pages: Map<number, number>;
  /** As of its first change. */
  readonly path: string;
  writes: number;
  bytes: number;
}

export interface UnsyncedFilesOptions {
  readonly nodes: NodeTable;
  readonly descriptors: DescriptorPaths;
  readonly pathOf: (node: Node) => string;
  readonly maxBytes: number;
  readonly maxFiles: number;
  /** Told once what is not remembered. */
  readonly onForgotten: (why: string) => void;
}

/**
 * An undo log of file contents: how to get each file back to what was last synced. Pages are kept before they are first
 * changed, so that a file costs at most its synced size, however often it is written.
 *
 * Names are taken to be in the journal at once, contents only when they are synced (data=writeback of ext4, or delayed
 * allocation): a file written and renamed without fsync is there after a crash, and empty.
 */
export class UnsyncedFiles {
  readonly #options: UnsyncedFilesOptions;
  readonly #stat = new StatBuffer();
  readonly #spill: UnsyncedSpill;
  readonly #files = new Map<string, UnsyncedFile>();
  #hasComplained = false;

  constructor(options: UnsyncedFilesOptions) {
    this.#options = options;
    this.#spill = new UnsyncedSpill(options.maxBytes);
  }

  /** Before `length` bytes from `offset` on change or go; Infinity: all that follow. */
  beforeChange(node: Node, offset: number, length: number): void {
    const file = this.#of(node);
    if (file === undefined) return;
    const end = Math.min(offset + length, file.syncedSize);
    for (let page = Math.floor(offset / pageBytes); page * pageBytes < end; page++) {
      if (file.pages.has(page)) continue;
      const place = this.#spill.keep(file.fd, page * pageBytes, pageLength(file, page));
      if (place < 0) {
        this.#giveUp(file, "the old contents of changed files take too much room");
        return;
      }
      file.pages.set(page, place);
    }
  }

  /** After a change that was prepared with `beforeChange` was made. */
  changed(node: Node, bytes: number): void {
    const file = this.#known(node);
    if (file === undefined) return;
    file.writes += 1;
    file.bytes += bytes;
  }

  /** The file is on the disk as it is now. */
  synced(node: Node): void {
    if (this.#files.size === 0) return;
    const file = this.#known(node);
    if (file !== undefined) this.#forget(file);
  }

  /** A name is about to go: what has no name after a crash is not there, so nothing need be kept of it. */
  beforeNameGoes(folderFd: number, nameAddress: number): void {
    if (this.#files.size === 0 || !this.#stat.ofName(folderFd, nameAddress)) return;
    if (this.#stat.linkCount > 1) return;
    const file = this.#files.get(this.#keyOfStat());
    if (file !== undefined) this.#forget(file);
  }

  /** Puts every file back to what was last synced; says what that took, and of which nodes the kernel's cache is wrong now. */
  crash(): {
    readonly lost: readonly LostFile[];
    readonly nodeIds: readonly number[];
    readonly failed: readonly string[];
  } {
    const lost: LostFile[] = [];
    const nodeIds: number[] = [];
    const failed: string[] = [];
    for (const file of [...this.#files.values()]) {
      const node = this.#options.nodes.knownOf(file.fd);
      const path = node === undefined ? file.path : this.#options.pathOf(node);
      if (!this.#revert(file)) failed.push(path);
      else if (file.writes > 0) lost.push({ path, writes: file.writes, bytes: file.bytes });
      if (node !== undefined) nodeIds.push(node.id);
      this.#forget(file);
    }
    return { lost, nodeIds, failed };
  }

  close(): void {
    for (const file of [...this.#files.values()]) this.#forget(file);
    this.#spill.close();
  }

  #revert(file: UnsyncedFile): boolean {
    const { descriptors } = this.#options;
    const fd = openat(descriptors.folder, descriptors.nameOf(file.fd), constants.O_RDWR | O_CLOEXEC, 0);
    if (fd < 0) return false;
    let isBack = ftruncate(fd, file.syncedSize) === 0;
    for (const [page, place] of file.pages) {
      isBack = this.#spill.putBack(place, fd, page * pageBytes, pageLength(file, page)) && isBack;
    }
    close(fd);
    return isBack;
  }

  #known(node: Node): UnsyncedFile | undefined {
    return this.#statNode(node) ? this.#files.get(this.#keyOfStat()) : undefined;
  }

  #of(node: Node): UnsyncedFile | undefined {
    if (!this.#statNode(node)) return undefined;
    const key = this.#keyOfStat();
    return this.#files.get(key) ?? this.#add(key, node);
  }

  #add(key: string, node: Node): UnsyncedFile | undefined {
    const { descriptors, nodes, maxFiles } = this.#options;
    const { linkCount, isRegularFile, size: syncedSize } = this.#stat;
    if (linkCount === 0 || !isRegularFile) return undefined;
    for (const oldest of this.#files.values()) {
      if (this.#files.size < maxFiles) break;
      this.#giveUp(oldest, `more than ${maxFiles} files changed without fsync`);
    }
    const flags = constants.O_RDONLY | constants.O_NONBLOCK | O_CLOEXEC;
    const fd = nodes.withRoom(() =>
      openat(descriptors.folder, descriptors.nameOf(nodes.fdOf(node)), flags, 0),
    );
    if (fd < 0) {
      this.#complain("a file could not be opened");
      return undefined;
    }
    const file: UnsyncedFile = {
      key,
      fd,
      syncedSize,
      pages: new Map(),
      path: this.#options.pathOf(node),
      writes: 0,
      bytes: 0,
    };
    this.#files.set(key, file);
    return file;
  }

  /** Rather on the disk than half remembered. */
  #giveUp(file: UnsyncedFile, why: string): void {
    fsync(file.fd);
    this.#forget(file);
    this.#complain(why);
  }

  #complain(why: string): void {
    if (!this.#hasComplained) this.#options.onForgotten(why);
    this.#hasComplained = true;
  }

  #forget(file: UnsyncedFile): void {
    this.#files.delete(file.key);
    this.#spill.release(file.pages.values());
    close(file.fd);
  }

  #statNode(node: Node): boolean {
    return this.#stat.ofDescriptor(this.#options.nodes.fdOf(node));
  }

  #keyOfStat(): string {
    const { device, inodeHigh, inodeLow } = this.#stat;
    return `${device}:${inodeHigh}:${inodeLow}`;
  }
}

function pageLength({ syncedSize }: UnsyncedFile, page: number): number {
  return Math.min(pageBytes, syncedSize - page * pageBytes);
}
