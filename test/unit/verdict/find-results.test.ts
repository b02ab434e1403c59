import { mkdir, mkdtemp, readFile, rename, rm, stat, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findResults, rememberResults } from "../../../src/verdict/index.js";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "verdict-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function write(name: string, text = "<testsuite/>"): Promise<string> {
  const path = join(folder, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
  return path;
}

const anyTime = { sinceMs: 0, globs: [] };

async function found(options: Parameters<typeof findResults>[1], mountedAt?: string): Promise<string[]> {
  const paths = await findResults([{ path: folder, mountedAt }], options);
  return paths.map((path) => relative(folder, path));
}

describe("findResults", () => {
  it("finds what runners write where they usually do", async () => {
    const names = [
      "build/test-results/test/TEST-org.example.QueueTest.xml",
      "go-test.jsonl",
      "junit.xml",
      "module/target/failsafe-reports/TEST-org.example.QueueIT.xml",
      "module/target/surefire-reports/TEST-org.example.QueueTest.xml",
      "pkg/report.xml",
      "reports/unit-junit.xml",
      "t/all.tap",
    ];
    for (const name of names) await write(name);
    for (const name of ["pom.xml", "src/main/resources/app.xml", "package.json"]) await write(name);
    expect(await found(anyTime)).toEqual(names);
  });

  it("leaves other people's tests alone", async () => {
    await write("node_modules/left-pad/junit.xml");
    await write(".git/junit.xml");
    expect(await found(anyTime)).toEqual([]);
  });

  it("takes only what --results names, wherever it is", async () => {
    await write("junit.xml");
    await write("out/.hidden/mine.xml");
    expect(await found({ sinceMs: 0, globs: ["out/**/*.xml"] })).toEqual(["out/.hidden/mine.xml"]);
    expect(await found({ sinceMs: 0, globs: ["./out/**/*.xml"] })).toEqual(["out/.hidden/mine.xml"]);
  });

  it("understands a glob as the container has it, and as this machine has it", async () => {
    await write("out/mine.xml");
    expect(await found({ sinceMs: 0, globs: ["/src/out/*.xml"] }, "/src")).toEqual(["out/mine.xml"]);
    expect(await found({ sinceMs: 0, globs: [`${folder}/out/*.xml`] }, "/src")).toEqual(["out/mine.xml"]);
    expect(await found({ sinceMs: 0, globs: ["/other/*.xml"] }, "/src")).toEqual([]);
  });

  it("does not leave the folder, by no glob and by no link", async () => {
    const outside = await mkdtemp(join(tmpdir(), "verdict-outside-"));
    try {
      await writeFile(join(outside, "junit.xml"), "<testsuite/>");
      await symlink(outside, join(folder, "linked"));
      await symlink(join(outside, "junit.xml"), join(folder, "junit.xml"));
      expect(await found(anyTime)).toEqual([]);
      expect(await found({ sinceMs: 0, globs: ["linked/*.xml", "junit.xml"] })).toEqual([]);
      expect(await found({ sinceMs: 0, globs: [`../${relative(tmpdir(), outside)}/*.xml`] })).toEqual([]);
    } finally {
      await rm(outside, { recursive: true, force: true });
    }
  });

  it("takes by their time the files that were written since the run began", async () => {
    const old = await write("old/junit.xml");
    await utimes(old, 1000, 1000);
    await write("new/junit.xml");
    expect(await found({ sinceMs: 2_000_000, globs: [] })).toEqual(["new/junit.xml"]);
  });

  it("takes by what was there before what is new, longer, replaced or written again, whatever the clock says", async () => {
    const names = ["same", "longer", "replaced", "again"].map((name) => `${name}/junit.xml`);
    for (const name of names) await utimes(await write(name), 1000, 1000);
    const before = await rememberResults([{ path: folder }], { globs: [] });
    const at = (name: string) => join(folder, name, "junit.xml");
    await write("longer/junit.xml", "<testsuite name='x'/>");
    await write("replaced/other", await readFile(at("replaced"), "utf8"));
    await rename(join(folder, "replaced/other"), at("replaced"));
    await write("fresh/junit.xml");
    for (const name of ["longer", "replaced", "fresh"]) await utimes(at(name), 1000, 1000);
    await utimes(at("again"), 1000, 500);
    expect((await stat(at("replaced"))).mtimeMs).toBe(1_000_000);
    const future = Date.now() + 1e9;
    expect(await found({ sinceMs: future, globs: [], before })).toEqual([
      "again/junit.xml",
      "fresh/junit.xml",
      "longer/junit.xml",
      "replaced/junit.xml",
    ]);
  });

  it("says which folder it cannot look into, or finds nothing there", async () => {
    expect(await findResults([{ path: join(folder, "missing") }], anyTime)).toEqual([]);
  });
});
