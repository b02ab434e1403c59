import { constants as fsConstants } from "node:fs";
import { constants } from "node:os";
import { lastErrno } from "../libc.js";
import { close, openat } from "./backing-calls.js";
import type { DescriptorPaths } from "./descriptor-paths.js";
import { O_CLOEXEC, O_PATH } from "./flags.js";
import { NodeHandles } from "./node-handles.js";
import type { StatBuffer } from "./stat-buffer.js";

const O_NOFOLLOW_PATH = O_PATH | O_CLOEXEC | fsConstants.O_NOFOLLOW;

/** One inode of the folder behind, whatever number of names it has. */
export interface Node {
  /** What the kernel calls it; 1 is the root. */
  readonly id: number;
  readonly key: number | string;
  /** O_PATH descriptor, or -1 while put away (`handle` says how to open it again). */
  fd: number;
  handle: Uint8Array | undefined;
  /** How many times its id was handed out and not yet forgotten. */
  lookups: number;
  /** Open files and folders; it is not put away while there are any. */
  openCount: number;
  /** Or-ed into inode numbers of other file systems below the source, so that they stay unique. */
  readonly inodeSalt: number;
  /** Relative path as of `pathEpoch`: see NodePaths. */
  path: string;
  pathEpoch: number;
  /** What reads and writes of its open files bypass us through: see passthrough.ts. */
  backingId: number;
  backingUsers: number;
}

/**
 * Inodes that the kernel knows, by its number and by (device, inode), so that hard links are one. Each is held by
 * an O_PATH descriptor, which no rename and no reuse of an inode number can fool; the oldest are put away as file
 * handles (open_by_handle_at) when there are more than `maxDescriptors`.
 */
export class NodeTable {
  readonly root: Node;
  readonly #byId: (Node | undefined)[] = [undefined];
  readonly #freeIds: number[] = [];
  readonly #byKey = new Map<number | string, Node>();
  readonly #stat: StatBuffer;
  readonly #handles: NodeHandles;
  readonly #maxDescriptors: number;
  readonly #closeLater: (fd: number) => void;
  readonly #devices: number[] = [];
  #descriptors = 0;
  #putAwayAbove: number;

  /** `closeLater` closes descriptors of forgotten nodes. */
  constructor(
    rootFd: number,
    stat: StatBuffer,
    paths: DescriptorPaths,
    maxDescriptors: number,
    closeLater: (fd: number) => void = close,
  ) {
    this.#closeLater = closeLater;
    this.#stat = stat;
    this.#maxDescriptors = maxDescriptors;
    this.#putAwayAbove = maxDescriptors;
    this.#handles = new NodeHandles(rootFd, paths);
    stat.ofDescriptor(rootFd);
    this.root = this.#add(rootFd);
    this.root.openCount = 1;
    this.root.lookups = 1;
  }

  get size(): number {
    return this.#byKey.size;
  }

  byId(id: number): Node | undefined {
    return this.#byId[id];
  }

  /**
   * The node of a name, its lookup counted and its attributes in the stat buffer; undefined on failure, errno being
   * `lastErrno()`.
   */
  lookup(folderFd: number, nameAddress: number): Node | undefined {
    const stat = this.#stat;
    if (!stat.ofName(folderFd, nameAddress)) return undefined;
    // A node that is held cannot have lost its inode number to another: no need to open the name.
    const known = this.#byKey.get(this.#keyOfStat());
    if (known !== undefined && known.fd >= 0) {
      known.lookups += 1;
      return known;
    }
    return this.lookupNew(folderFd, nameAddress);
  }

  /** As `lookup`, for a name that was just made: one system call less, because its node cannot be known. */
  lookupNew(folderFd: number, nameAddress: number): Node | undefined {
    const fd = this.withRoom(() => openat(folderFd, nameAddress, O_NOFOLLOW_PATH, 0));
    return fd < 0 ? undefined : this.adopt(fd);
  }

  /** The node that an O_PATH descriptor is of; takes the descriptor over. The stat buffer is filled. */
  adopt(fd: number): Node | undefined {
    if (!this.#stat.ofDescriptor(fd)) {
      close(fd);
      return undefined;
    }
    const known = this.#byKey.get(this.#keyOfStat());
    if (known === undefined) return this.#counted(this.#add(fd));
    if (known.fd >= 0) {
      close(fd);
      return this.#counted(known);
    }
    // The inode number may have gone to a new file while the node was put away.
    if (!this.#handles.isSame(fd, known.handle!)) return this.#counted(this.#add(fd));
    this.#hold(known, fd);
    return this.#counted(known);
  }

  /** The node that the kernel knows the file behind a descriptor by. */
  knownOf(fd: number): Node | undefined {
    return this.#stat.ofDescriptor(fd) ? this.#byKey.get(this.#keyOfStat()) : undefined;
  }

  /** The node's descriptor, opened again if it was put away; negative on failure. */
  fdOf(node: Node): number {
    if (node.fd >= 0) return node.fd;
    const fd = this.withRoom(() => this.#handles.open(node.handle!));
    if (fd >= 0) this.#hold(node, fd);
    return fd;
  }

  /** Opens something, putting nodes away and trying again when descriptors have run out. */
  withRoom(open: () => number): number {
    const fd = open();
    if (fd >= 0 || lastErrno() !== constants.errno.EMFILE) return fd;
    this.putAwayOldest();
    return open();
  }

  forget(id: number, count: number): void {
    const node = this.#byId[id];
    if (node === undefined || node === this.root) return;
    node.lookups -= count;
    if (node.lookups > 0) return;
    this.#byId[id] = undefined;
    this.#freeIds.push(id);
    if (this.#byKey.get(node.key) === node) this.#byKey.delete(node.key);
    this.#release(node, this.#closeLater);
  }

  /** Puts away a quarter of what may be held, the longest held first. */
  putAwayOldest(): void {
    const wanted = Math.max(16, this.#maxDescriptors >> 2);
    let left = wanted;
    for (const node of this.#byKey.values()) {
      if (left === 0) break;
      if (node.fd < 0 || node.openCount > 0) continue;
      node.handle = this.#handles.of(node.fd, node.inodeSalt === 0) ?? node.handle;
      if (node.handle === undefined) continue;
      this.#release(node);
      left -= 1;
    }
    // Where most cannot be put away, because they are open, do not go through all of them for each new one.
    this.#putAwayAbove = left === 0 ? this.#maxDescriptors : this.#descriptors + wanted;
  }

  closeAll(): void {
    for (const node of this.#byId) if (node !== undefined && node !== this.root) this.#release(node);
    this.#byId.length = 0;
    this.#byKey.clear();
    this.#handles.close();
  }

  #add(fd: number): Node {
    const key = this.#keyOfStat();
    const id = this.#freeIds.pop() ?? this.#byId.length;
    const inodeSalt = this.#salt();
    const node: Node = {
      id,
      key,
      fd: -1,
      handle: undefined,
      lookups: 0,
      openCount: 0,
      inodeSalt,
      path: "",
      pathEpoch: -1,
      backingId: 0,
      backingUsers: 0,
    };
    this.#byId[id] = node;
    this.#hold(node, fd);
    return node;
  }

  #hold(node: Node, fd: number): void {
    node.fd = fd;
    this.#descriptors += 1;
    // The map's order is the order of ageing.
    this.#byKey.delete(node.key);
    this.#byKey.set(node.key, node);
    if (this.#descriptors > this.#putAwayAbove) this.putAwayOldest();
  }

  #release(node: Node, closeFd: (fd: number) => void = close): void {
    if (node.fd < 0) return;
    closeFd(node.fd);
    node.fd = -1;
    this.#descriptors -= 1;
  }

  #counted(node: Node): Node {
    node.lookups += 1;
    return node;
  }

  #keyOfStat(): number | string {
    const { inodeHigh, inodeLow, device } = this.#stat;
    const isPlain = inodeHigh < 0x20_0000 && (this.#devices.length === 0 || this.#devices[0] === device);
    return isPlain ? inodeHigh * 0x1_0000_0000 + inodeLow : `${device}:${inodeHigh}:${inodeLow}`;
  }

  #salt(): number {
    const { device } = this.#stat;
    let index = this.#devices.indexOf(device);
    if (index < 0) index = this.#devices.push(device) - 1;
    return (index & 0x7ff) << 20;
  }
}
