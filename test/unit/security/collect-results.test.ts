import { execFileSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { collectResults } from "../../../src/cli/campaign/collect-results.js";

describe("collectResults, of files that a hostile workload left", () => {
  let place: string;
  let volume: string;
  let kept: string;
  let warnings: string[];
  beforeEach(() => {
    place = realpathSync(mkdtempSync(join(tmpdir(), "nmzt-collect-")));
    volume = join(place, "volume");
    kept = join(place, "kept");
    warnings = [];
    mkdirSync(volume);
    writeFileSync(join(place, "shadow"), "root:secret");
  });
  afterEach(() => rmSync(place, { recursive: true }));

  const collect = (root: string, ...names: string[]) =>
    collectResults(
      names.map((name) => join(root, name)),
      [root],
      kept,
      (text) => warnings.push(text),
    );

  it("keeps plain files, two of one name too", () => {
    mkdirSync(join(volume, "a"));
    writeFileSync(join(volume, "junit.xml"), "one");
    writeFileSync(join(volume, "a/junit.xml"), "two");
    collect(volume, "junit.xml", "a/junit.xml");
    expect(readFileSync(join(kept, "junit.xml"), "utf8")).toBe("one");
    expect(readFileSync(join(kept, "2-junit.xml"), "utf8")).toBe("two");
    expect(warnings).toEqual([]);
  });

  it("keeps those in a folder that the user named by a link", () => {
    writeFileSync(join(volume, "junit.xml"), "one");
    symlinkSync(volume, join(place, "by-link"));
    collect(join(place, "by-link"), "junit.xml");
    expect(readFileSync(join(kept, "junit.xml"), "utf8")).toBe("one");
  });

  it("does not copy what a link in a file's place leads to", () => {
    symlinkSync(join(place, "shadow"), join(volume, "junit.xml"));
    collect(volume, "junit.xml");
    expect(readdirSync(kept)).toEqual([]);
    expect(warnings[0]).toContain("is not kept: ELOOP");
  });

  it("does not copy what a link in a folder's place leads to", () => {
    mkdirSync(join(place, "reports"));
    renameSync(join(place, "shadow"), join(place, "reports/junit.xml"));
    symlinkSync(join(place, "reports"), join(volume, "reports"));
    collect(volume, "reports/junit.xml");
    expect(readdirSync(kept)).toEqual([]);
    expect(warnings[0]).toContain(`a link leads from it to ${join(place, "reports/junit.xml")}`);
  });

  it("does not wait for a pipe", () => {
    execFileSync("mkfifo", [join(volume, "junit.xml")]);
    collect(volume, "junit.xml");
    expect(readdirSync(kept)).toEqual([]);
    expect(warnings[0]).toContain("it is no plain file");
  });

  it("says which file is too large, and goes on", () => {
    writeFileSync(join(volume, "huge.xml"), "");
    truncateSync(join(volume, "huge.xml"), (64 << 20) + 1);
    writeFileSync(join(volume, "junit.xml"), "one");
    collect(volume, "huge.xml", "gone.xml", "junit.xml");
    expect(readdirSync(kept)).toEqual(["junit.xml"]);
    expect(warnings.map((text) => text.replace(/.*is not kept: /, ""))).toEqual([
      "it is larger than 64 MiB",
      expect.stringContaining("ENOENT"),
    ]);
  });
});
