import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { close } from "../../../runtime/kernel/fuse/backing-calls.js";
import { DescriptorPaths } from "../../../runtime/kernel/fuse/descriptor-paths.js";
import { NodeTable } from "../../../runtime/kernel/fuse/node-table.js";
import { StatBuffer } from "../../../runtime/kernel/fuse/stat-buffer.js";
import { mount, NativeMemory, openMountTree, unmount } from "../../../runtime/kernel/index.js";
import { requires } from "../../helpers/requires.js";

requires("root");

const maxDescriptors = 32;

/** overlayfs has no file handles: nodes are put away as places. */
const kinds = [{ kind: "a disk" }, { kind: "an overlay" }];

describe.each(kinds)("NodeTable on $kind", ({ kind }) => {
  let root: string;
  let folder: string;
  let rootFd: number;
  let stat: StatBuffer;
  let paths: DescriptorPaths;
  let table: NodeTable;
  const name = new NativeMemory(512);
  const lookup = (text: string) => table.lookup(rootFd, name.putString(text));
  const openDescriptors = () => readdirSync("/proc/self/fd").length;
  const inode = () => stat.inodeHigh * 2 ** 32 + stat.inodeLow;

  beforeEach(() => {
    root = mkdtempSync("/var/tmp/nmzc-node-table-");
    for (const name of ["lower", "upper", "work", "folder"]) mkdirSync(`${root}/${name}`);
    folder = `${root}/folder`;
    if (kind === "an overlay") {
      const data = `lowerdir=${root}/lower,upperdir=${root}/upper,workdir=${root}/work`;
      mount({ source: "overlay", target: folder, type: "overlay", flags: 0, data });
    }
    rootFd = openMountTree(folder).fd;
    stat = new StatBuffer();
    paths = new DescriptorPaths();
    table = new NodeTable(rootFd, stat, paths, maxDescriptors);
  });
  afterEach(() => {
    table.closeAll();
    paths.close();
    close(rootFd);
    if (kind === "an overlay") unmount(folder);
    rmSync(root, { recursive: true });
  });

  it("knows hard links as one node", () => {
    writeFileSync(`${folder}/a`, "");
    const node = lookup("a")!;
    mkdirSync(`${folder}/sub`);
    renameSync(`${folder}/a`, `${folder}/sub/b`);
    expect(table.lookup(table.fdOf(lookup("sub")!), name.putString("b"))).toBe(node);
    expect(node.lookups).toBe(2);
  });

  it("holds no more descriptors than it may, and finds every node again, on a disk even when it was renamed", () => {
    const before = openDescriptors();
    const nodes = Array.from({ length: 500 }, (_, index) => {
      writeFileSync(`${folder}/${index}`, "");
      const node = lookup(`${index}`)!;
      return { node, inode: inode() };
    });
    expect(openDescriptors() - before).toBeLessThanOrEqual(maxDescriptors);
    const isMoved = (index: number) => kind === "a disk" && index % 2 === 0;
    for (let i = 0; i < 500; i++) if (isMoved(i)) renameSync(`${folder}/${i}`, `${folder}/moved-${i}`);
    for (const { node, inode: expected } of nodes) {
      expect(stat.ofDescriptor(table.fdOf(node))).toBe(true);
      expect(inode()).toBe(expected);
    }
    expect(openDescriptors() - before).toBeLessThanOrEqual(maxDescriptors);
    expect(lookup(isMoved(0) ? "moved-0" : "0")).toBe(nodes[0]!.node);
  });

  it("finds a node that was renamed after it was put away by its new name", () => {
    writeFileSync(`${folder}/a`, "");
    const node = lookup("a")!;
    table.putAwayOldest();
    expect(node.fd).toBe(-1);
    renameSync(`${folder}/a`, `${folder}/b`);
    expect(lookup("b")).toBe(node);
    expect(table.fdOf(node)).toBeGreaterThan(0);
  });

  it("does not take a new file for an old one whose inode number it got", () => {
    writeFileSync(`${folder}/old`, "");
    const old = lookup("old")!;
    for (let i = 0; i < 100; i++) {
      writeFileSync(`${folder}/${i}`, "");
      lookup(`${i}`);
    }
    expect(old.fd).toBe(-1);
    rmSync(`${folder}/old`);
    for (let i = 0; i < 50; i++) {
      writeFileSync(`${folder}/new-${i}`, "");
      expect(lookup(`new-${i}`)).not.toBe(old);
    }
    expect(table.fdOf(old)).toBeLessThan(0);
  });

  it("forgets a node when each of its lookups is forgotten", () => {
    writeFileSync(`${folder}/a`, "");
    const before = openDescriptors();
    const { id } = lookup("a")!;
    lookup("a");
    table.forget(id, 1);
    expect(table.byId(id)).toBeDefined();
    table.forget(id, 1);
    expect(table.byId(id)).toBeUndefined();
    expect(openDescriptors()).toBe(before);
  });

  it("does not forget the root", () => {
    table.forget(1, 1000);
    expect(table.byId(1)).toBe(table.root);
  });
});
