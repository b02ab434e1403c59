import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { checkMountPoint } from "../../../src/standalone/fs/check-mount-point.js";

let root: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), "nmz-mount-point-")));
  for (const name of ["original", "original/inner", "mount"]) mkdirSync(join(root, name));
});
afterEach(() => rmSync(root, { recursive: true }));

function check(originalDir: string, mountPoint: string) {
  return checkMountPoint({ originalDir: join(root, originalDir), mountPoint: join(root, mountPoint) });
}

describe("checkMountPoint", () => {
  it("gives the real paths", () => {
    symlinkSync("mount", join(root, "link"));
    expect(check("original", "link")).toEqual({
      originalDir: join(root, "original"),
      mountPoint: join(root, "mount"),
    });
  });

  it.each([
    ["original", "missing", /the mount point .*missing cannot be used/],
    ["missing", "mount", /the original folder .*missing cannot be used/],
    ["original", "original", /is the original folder itself/],
    ["original", "original/inner", /is inside of/],
    ["original/inner", "original", /has .*inner inside of it/],
  ])("refuses %s on %s", (originalDir, mountPoint, message) => {
    expect(() => check(originalDir, mountPoint)).toThrow(message);
  });

  it("refuses a mount point that is not empty, is no folder, or has something mounted on it", () => {
    writeFileSync(join(root, "file"), "");
    writeFileSync(join(root, "mount", "file"), "");
    expect(() => check("original", "mount")).toThrow("is not empty");
    expect(() => check("original", "file")).toThrow("is no folder");
    expect(() => checkMountPoint({ originalDir: root, mountPoint: "/proc" })).toThrow("is mounted on /proc");
  });
});
