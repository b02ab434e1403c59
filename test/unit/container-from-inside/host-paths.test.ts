import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { hostPaths, pathsThrough } from "../../../src/container/from-inside/host-paths.js";

const folder = realpathSync(mkdtempSync(join(tmpdir(), "nmzc-paths-")));
mkdirSync(join(folder, "shared/inner"), { recursive: true });
mkdirSync(join(folder, "own"));
symlinkSync(join(folder, "shared"), join(folder, "link"));
afterAll(() => rmSync(folder, { recursive: true }));

const paths = pathsThrough([
  { source: "/home/me/project", target: join(folder, "shared") },
  { source: "/var/cache/inner", target: join(folder, "shared/inner") },
]);

describe("pathsThrough", () => {
  it("leads to the host by the innermost folder that is shared", () => {
    expect(paths.toHost(join(folder, "shared"))).toBe("/home/me/project");
    expect(paths.toHost(join(folder, "shared/a/b"))).toBe("/home/me/project/a/b");
    expect(paths.toHost(join(folder, "shared/inner/x"))).toBe("/var/cache/inner/x");
  });

  it("follows symbolic links, as far as the path is there", () => {
    expect(paths.toHost(join(folder, "link/new/file"))).toBe("/home/me/project/new/file");
  });

  it("leads back", () => {
    expect(paths.toOwn("/home/me/project/a")).toBe(join(folder, "shared/a"));
  });

  it("does not take a name that only begins alike for a folder below", () => {
    expect(() => paths.toOwn("/home/me/project2/a")).toThrow(/not in nmzc's own container/);
  });

  it("does not lead through what is in memory, and hides what is below", () => {
    const hidden = pathsThrough([
      { source: "/home/me", target: join(folder, "shared") },
      { source: "", target: join(folder, "shared/inner") },
    ]);
    expect(() => hidden.toHost(join(folder, "shared/inner/x"))).toThrow(/only in nmzc's own container/);
    expect(() => hidden.toOwn("/srv")).toThrow(/not in nmzc's own container/);
  });

  it("refuses what only one side has, with the mount to add", () => {
    const own = join(folder, "own");
    expect(() => paths.toHost(own)).toThrow(
      expect.objectContaining({ code: "NMZ_IMAGE_PATH", hint: expect.stringContaining(`-v ${own}:${own}`) }),
    );
    expect(() => paths.toOwn("/etc")).toThrow(expect.objectContaining({ code: "NMZ_IMAGE_PATH" }));
  });
});

describe("hostPaths", () => {
  it("changes nothing outside of a container", () => {
    expect(hostPaths().isInContainer).toBe(false);
    expect(hostPaths().toHost("/no/where")).toBe("/no/where");
    expect(hostPaths().toOwn("/no/where")).toBe("/no/where");
  });
});
