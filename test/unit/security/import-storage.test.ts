import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { importStorage } from "../../../src/experiment/index.js";

describe("importStorage, of a storage that somebody hostile made", () => {
  let place: string;
  let source: string;
  let target: string;
  beforeEach(() => {
    place = realpathSync(mkdtempSync(join(tmpdir(), "nmzt-import-")));
    source = join(place, "theirs");
    target = join(place, "ours");
    cpSync("test/fixtures/namazu-storage", source, { recursive: true });
    mkdirSync(join(place, "home"));
    writeFileSync(join(place, "home/key"), '{"secret": 1}');
  });
  afterEach(() => rmSync(place, { recursive: true }));

  const everythingIn = (folder: string): string =>
    (readdirSync(folder, { recursive: true }) as string[])
      .map((name) => {
        try {
          return readFileSync(join(folder, name), "latin1");
        } catch {
          return ""; // a folder
        }
      })
      .join("\n");

  it.each(["materials/key", "00000001/key"])("leaves out what a link at %s leads to, and says so", (name) => {
    mkdirSync(join(source, "materials"), { recursive: true });
    symlinkSync(join(place, "home/key"), join(source, name));
    expect(importStorage(source, target).leftOut).toEqual([name]);
    expect(everythingIn(target)).not.toContain("secret");
  });

  it("leaves out a whole folder, and a link by way of one inside", () => {
    mkdirSync(join(source, "materials"), { recursive: true });
    symlinkSync(join(place, "home"), join(source, "materials/home"));
    symlinkSync("home/key", join(source, "materials/key"));
    expect(importStorage(source, target).leftOut).toEqual(["materials/home", "materials/key"]);
    expect(everythingIn(target)).not.toContain("secret");
  });

  it("brings in what a link inside leads to", () => {
    mkdirSync(join(source, "materials"), { recursive: true });
    writeFileSync(join(source, "materials/real"), "theirs");
    symlinkSync("real", join(source, "materials/other"));
    expect(importStorage(source, target).leftOut).toEqual([]);
    expect(readFileSync(join(target, "materials/other"), "utf8")).toBe("theirs");
  });

  it.each(["config.toml", "00000001/result.json", "00000001/actions", "00000001/history"])(
    "refuses a storage whose %s leads out of it",
    (name) => {
      rmSync(join(source, name), { recursive: true, force: true });
      symlinkSync(join(place, "home/key"), join(source, name));
      expect(() => importStorage(source, target)).toThrow(`"${join(source, name)}" leads out of the storage`);
      expect(existsSync(target)).toBe(false);
    },
  );
});
