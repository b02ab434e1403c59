import { NativeMemory } from "../native-memory.js";
import { readlinkat } from "./backing-calls.js";
import type { DescriptorPaths } from "./descriptor-paths.js";
import type { Node, NodeTable } from "./node-table.js";

const deletedSuffix = " (deleted)";

/**
 * The paths that events carry, relative to the mount's root. The kernel knows where each descriptor's file is now
 * (/proc/self/fd), even when it was renamed from the outside; the answer is kept until something is renamed here.
 */
export class NodePaths {
  readonly #nodes: NodeTable;
  readonly #descriptors: DescriptorPaths;
  readonly #memory = new NativeMemory(4200);
  readonly #rootPath: string;
  #epoch = 0;

  constructor(nodes: NodeTable, descriptors: DescriptorPaths) {
    this.#nodes = nodes;
    this.#descriptors = descriptors;
    this.#rootPath = this.#absolute(nodes.root.fd);
  }

  /** Something was renamed or removed: remembered paths may be wrong. */
  renamed(): void {
    this.#epoch += 1;
  }

  of(node: Node): string {
    if (node === this.#nodes.root) return "";
    if (node.pathEpoch === this.#epoch) return node.path;
    node.path = this.#relative(this.#absolute(this.#nodes.fdOf(node)));
    node.pathEpoch = this.#epoch;
    return node.path;
  }

  in(folder: Node, name: string): string {
    const path = this.of(folder);
    return path === "" ? name : `${path}/${name}`;
  }

  #relative(absolute: string): string {
    const path = absolute.endsWith(deletedSuffix) ? absolute.slice(0, -deletedSuffix.length) : absolute;
    const prefix = this.#rootPath === "/" ? "/" : `${this.#rootPath}/`;
    return path.startsWith(prefix) ? path.slice(prefix.length) : path;
  }

  #absolute(fd: number): string {
    const { address, bytes } = this.#memory;
    const length = readlinkat(this.#descriptors.folder, this.#descriptors.nameOf(fd), address, 4096);
    return Buffer.from(bytes.buffer, 0, Math.max(0, length)).toString("utf8");
  }
}
