import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { knowTest, type LockFile, SeedFile, seedsPath } from "../../../src/seeds/index.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nmzc-seeds-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const alone: LockFile = async (_path, work) => work();

describe("SeedFile", () => {
  it("is empty before anything is kept, and holds what is put in, for its user alone", async () => {
    const file = new SeedFile(seedsPath({ XDG_STATE_HOME: folder }));
    expect(file.read()).toEqual({ tests: [] });
    await file.change(alone, (book) => knowTest(book, "t"));
    expect(file.read()).toEqual({ tests: [{ name: "t", seeds: [], fresh: [] }] });
    expect(statSync(file.path).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(folder, "nmzc"))).toEqual(["seeds.json"]);
  });

  it("stands in the home folder where nothing else is said", () => {
    expect(seedsPath({ HOME: "/home/a" })).toBe("/home/a/.local/state/nmzc/seeds.json");
  });

  it.each([
    ["{", "NMZ_SEEDS_READ"],
    ['{"nmzSeeds":2,"tests":[]}', "NMZ_SEEDS_VERSION"],
    ["null", "NMZ_SEEDS_VERSION"],
    ['{"nmzSeeds":1,"tests":[{"name":"t","seeds":[{"seed":"a"}],"fresh":[]}]}', "NMZ_SEEDS_READ"],
    ['{"nmzSeeds":1,"tests":[null]}', "NMZ_SEEDS_READ"],
  ])("refuses %s with %s, and does not replace it", async (text, code) => {
    const file = new SeedFile(join(folder, "seeds.json"));
    writeFileSync(file.path, text);
    expect(() => file.read()).toThrow(expect.objectContaining({ code }));
    await expect(file.change(alone, (book) => knowTest(book, "t"))).rejects.toMatchObject({ code });
    expect(statSync(file.path).size).toBe(text.length);
  });

  it("says what to do where it cannot be written", async () => {
    const file = new SeedFile("/proc/nmzc/seeds.json");
    await expect(file.change(alone, (book) => knowTest(book, "t"))).rejects.toMatchObject({
      code: "NMZ_SEEDS_WRITE",
      hint: expect.stringContaining("XDG_STATE_HOME"),
    });
  });
});
