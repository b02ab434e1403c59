import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readRun } from "../../../src/record/index.js";

let out: string;
beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), "nmzc-stored-"));
  for (const name of ["one", "two"]) {
    mkdirSync(join(out, name));
    writeFileSync(join(out, name, "trace.jsonl"), name);
  }
  symlinkSync("one", join(out, "latest"));
});
afterEach(() => rmSync(out, { recursive: true }));

describe("readRun", () => {
  it.each(["", "latest"])("stays with the run that was the latest when it was asked for '%s'", (path) => {
    const run = readRun(join(out, path));
    unlinkSync(join(out, "latest"));
    symlinkSync("two", join(out, "latest"));
    expect(readFileSync(run.traceFile, "utf8")).toBe("one");
  });
});
