import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { requires } from "../../helpers/requires.js";
import { fetchGroovy } from "./fetch-groovy.js";

requires("mvn");

const { PATH = "", HOME = "" } = process.env;
let cache: string;
beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), "nmzt-groovy-"));
});
afterEach(() => {
  Object.assign(process.env, { PATH, HOME });
  rmSync(cache, { recursive: true, force: true });
});

describe("fetchGroovy", () => {
  it("needs no network where it has the file, and takes no other file for it", () => {
    const jar = fetchGroovy();
    const kept = join(cache, basename(jar));
    writeFileSync(kept, readFileSync(jar));
    // No Maven, and no repository of its own.
    Object.assign(process.env, { PATH: cache, HOME: cache });
    expect(fetchGroovy(cache)).toBe(kept);
    writeFileSync(kept, "another");
    expect(() => fetchGroovy(cache)).toThrow(/mvn/);
  });
}, 240_000);
