import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { compareVersions, cutVersion, notesOf, readChangelog } from "../../../scripts/releasing/changelog.js";

const two = `# Changelog

## [Unreleased]

### Added

- new

## [0.1.0] - 2026-11-23

### Added

- first
`;

describe("CHANGELOG.md", () => {
  it("has a part for the version of package.json and of its lockfile", () => {
    const { version } = JSON.parse(readFileSync("package.json", "utf8"));
    expect(JSON.parse(readFileSync("package-lock.json", "utf8")).version).toBe(version);
    expect(notesOf(readFileSync("CHANGELOG.md", "utf8"), version).text).not.toBe("");
  });

  it("stands newest first", () => {
    const [, ...released] = readChangelog(readFileSync("CHANGELOG.md", "utf8")).map(({ version }) => version);
    expect(released).toEqual([...released].sort((a, b) => compareVersions(b, a)));
  });
});

describe("readChangelog", () => {
  it("gives each version its date and text", () => {
    expect(readChangelog(two)).toEqual([
      { version: "Unreleased", date: undefined, text: "### Added\n\n- new" },
      { version: "0.1.0", date: "2026-11-23", text: "### Added\n\n- first" },
    ]);
  });

  it.each([
    ["a heading in another form", two.replace("[0.1.0] -", "0.1.0 -"), "CHANGELOG.md:9"],
    ["a kind of change that is not one of the form's", two.replace("### Added", "### New"), "CHANGELOG.md:5"],
    ["a version without a date", two.replace(" - 2026-11-23", ""), "[0.1.0] has no date"],
    ["a day that does not exist", two.replace("2026-11-23", "2026-13-23"), "[0.1.0] has no date"],
    [
      "no part for what is unreleased",
      two.replace("Unreleased", "0.2.0"),
      "the first part is not [Unreleased]",
    ],
    ["a version twice", `${two}\n## [0.1.0] - 2026-11-23\n`, "stands there twice"],
  ])("refuses %s", (_what, text, message) => {
    expect(() => readChangelog(text)).toThrow(message);
  });
});

describe("notesOf", () => {
  it("refuses a version that is not there, or of which nothing is said", () => {
    expect(() => notesOf(two, "0.3.0")).toThrow("no part for version 0.3.0");
    expect(() => notesOf(two.replace("### Added\n\n- first\n", ""), "0.1.0")).toThrow("says nothing");
  });
});

describe("cutVersion", () => {
  it("makes what is unreleased a version, and leaves an empty part above it", () => {
    expect(readChangelog(cutVersion(two, "0.2.0", "2026-12-01")).slice(0, 2)).toEqual([
      { version: "Unreleased", date: undefined, text: "" },
      { version: "0.2.0", date: "2026-12-01", text: "### Added\n\n- new" },
    ]);
  });

  it.each([
    ["two", "is no version"],
    ["0.1.0", "is not above 0.1.0"],
    ["0.1.0-rc.1", "is not above 0.1.0"],
    ["0.0.9", "is not above 0.1.0"],
  ])("refuses %s", (version, message) => {
    expect(() => cutVersion(two, version, "2026-12-01")).toThrow(message);
  });

  it("refuses when nothing is unreleased", () => {
    expect(() => cutVersion(cutVersion(two, "0.2.0", "2026-12-01"), "0.3.0", "2026-12-02")).toThrow(
      "nothing stands",
    );
  });
});

describe("compareVersions", () => {
  it("orders as semver does", () => {
    const ordered = ["0.9.0", "0.10.0", "1.0.0-rc.2", "1.0.0-rc.10", "1.0.0", "1.0.1"];
    expect([...ordered].reverse().sort(compareVersions)).toEqual(ordered);
  });
});
