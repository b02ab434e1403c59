import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makeFolders } from "../../../src/util/index.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nmzc-folders-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("makeFolders", () => {
  it("makes a folder with all that is missing above it, and is content with one that is there", () => {
    const path = join(folder, "a", "b", "c");
    makeFolders(path, 0o700);
    makeFolders(path);
    expect(statSync(path).mode & 0o7777).toBe(0o700);
  });

  it("fails below a file, and where something else has the name", () => {
    writeFileSync(join(folder, "file"), "");
    expect(() => makeFolders(join(folder, "file"))).toThrow("EEXIST");
    expect(() => makeFolders(join(folder, "file", "below"))).toThrow(/EEXIST|ENOTDIR/);
  });

  it("fails in /proc instead of trying for ever", () => {
    expect(() => makeFolders("/proc/nmzc-no-such/below")).toThrow(/ENOENT|EACCES/);
  });
});
