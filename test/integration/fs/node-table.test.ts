import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { close } from "../../../runtime/kernel/fuse/backing-calls.js";
import { NodeTable } from "../../../runtime/kernel/fuse/node-table.js";
import { StatBuffer } from "../../../runtime/kernel/fuse/stat-buffer.js";
import { NativeMemory, openMountTree } from "../../../runtime/kernel/index.js";
import { requires } from "../../helpers/requires.js";

requires("root");

const maxDescriptors = 32;

describe("NodeTable", () => {
  let folder: string;
  let rootFd: number;
  let stat: StatBuffer;
  let table: NodeTable;
  const name = new NativeMemory(512);
  const lookup = (text: string) => table.lookup(rootFd, name.putString(text));
  const openDescriptors = () => readdirSync("/proc/self/fd").length;
  const inode = () => stat.inodeHigh * 2 ** 32 + stat.inodeLow;

  beforeEach(() => {
    folder = mkdtempSync("/var/tmp/nmzc-node-table-");
    rootFd = openMountTree(folder).fd;
    stat = new StatBuffer();
    table = new NodeTable(rootFd, stat, maxDescriptors);
  });
  afterEach(() => {
    table.closeAll();
    close(rootFd);
    rmSync(folder, { recursive: true });
  });

  it("knows hard links as one node", () => {
    writeFileSync(`${folder}/a`, "");
    const node = lookup("a")!;
    mkdirSync(`${folder}/sub`);
    renameSync(`${folder}/a`, `${folder}/sub/b`);
    expect(table.lookup(table.fdOf(lookup("sub")!), name.putString("b"))).toBe(node);
    expect(node.lookups).toBe(2);
  });

  it("holds no more descriptors than it may, and finds every node again, renamed or not", () => {
    const before = openDescriptors();
    const nodes = Array.from({ length: 500 }, (_, index) => {
      writeFileSync(`${folder}/${index}`, "");
      const node = lookup(`${index}`)!;
      return { node, inode: inode() };
    });
    expect(openDescriptors() - before).toBeLessThanOrEqual(maxDescriptors);
    for (let i = 0; i < 500; i += 2) renameSync(`${folder}/${i}`, `${folder}/moved-${i}`);
    for (const { node, inode: expected } of nodes) {
      expect(stat.ofDescriptor(table.fdOf(node))).toBe(true);
      expect(inode()).toBe(expected);
    }
    expect(openDescriptors() - before).toBeLessThanOrEqual(maxDescriptors);
    expect(lookup("moved-0")).toBe(nodes[0]!.node);
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
