/** One version's part of a changelog (https://keepachangelog.com/en/1.1.0). */
export interface Section {
  /** "Unreleased", or a version. */
  readonly version: string;
  /** "2026-11-23"; undefined for Unreleased. */
  readonly date: string | undefined;
  /** What stands below its heading, without the links at the end of the file. */
  readonly text: string;
}

const heading = /^## \[([^\]]+)\](?: - (\S+))?$/;
const kinds = ["Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"];

/** Newest first, as they stand in the file. Throws an Error that names the line which is not in the form. */
export function readChangelog(text: string): Section[] {
  const sections: { version: string; date: string | undefined; lines: string[] }[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    const [, version, date] = heading.exec(line) ?? [];
    if (version !== undefined) sections.push({ version, date, lines: [] });
    else if (line.startsWith("## ")) throw wrong(index, `"${line}" is no "## [VERSION] - DATE"`);
    else if (line.startsWith("### ") && !kinds.includes(line.slice(4))) {
      throw wrong(index, `"${line.slice(4)}" is none of ${kinds.join(", ")}`);
    } else sections.at(-1)?.lines.push(line);
  }
  const [first, ...released] = sections;
  if (first?.version !== "Unreleased") throw new Error("CHANGELOG.md: the first part is not [Unreleased]");
  for (const { version, date } of released) {
    if (!isVersion(version)) throw new Error(`CHANGELOG.md: [${version}] is no version`);
    if (date === undefined || Number.isNaN(Date.parse(date)) || !/^\d{4}-\d\d-\d\d$/.test(date)) {
      throw new Error(`CHANGELOG.md: [${version}] has no date (## [${version}] - 2026-01-31)`);
    }
  }
  const twice = released.find(
    ({ version }, index) => released.findIndex((other) => other.version === version) < index,
  );
  if (twice !== undefined) throw new Error(`CHANGELOG.md: [${twice.version}] stands there twice`);
  return sections.map(({ version, date, lines }) => ({ version, date, text: lines.join("\n").trim() }));
}

/** What is new in a version. Throws an Error where it has no part, or an empty one. */
export function notesOf(changelog: string, version: string): Section {
  const section = readChangelog(changelog).find((each) => each.version === version);
  if (section === undefined) throw new Error(`CHANGELOG.md has no part for version ${version}`);
  if (section.text === "") throw new Error(`CHANGELOG.md says nothing of version ${version}`);
  return section;
}

/**
 * The changelog with what is unreleased as a version of that day, and an empty part above it. Throws an Error where nothing is
 * unreleased, or the version is not above the last.
 */
export function cutVersion(changelog: string, version: string, date: string): string {
  if (!isVersion(version)) throw new Error(`"${version}" is no version (1.2.3, or 1.2.3-rc.1)`);
  const [unreleased, last] = readChangelog(changelog);
  if (unreleased!.text === "") throw new Error("CHANGELOG.md: nothing stands below [Unreleased]");
  if (last !== undefined && compareVersions(version, last.version) <= 0) {
    throw new Error(`version ${version} is not above ${last.version}, the last one`);
  }
  return changelog.replace(/^## \[Unreleased\]$/m, `## [Unreleased]\n\n## [${version}] - ${date}`);
}

function isVersion(text: string): boolean {
  return /^\d+\.\d+\.\d+(-[\da-z.-]+)?$/i.test(text);
}

/** By semver's rules, as far as we name versions: numbers, then a pre-release below none. */
export function compareVersions(left: string, right: string): number {
  const parse = (version: string) => {
    const [numbers = "", ...pre] = version.split("-");
    return { numbers: numbers.split(".").map(Number), pre: pre.join("-") };
  };
  const [a, b] = [parse(left), parse(right)];
  for (const index of [0, 1, 2]) {
    const difference = a.numbers[index]! - b.numbers[index]!;
    if (difference !== 0) return difference;
  }
  if (a.pre === b.pre) return 0;
  if (a.pre === "" || b.pre === "") return a.pre === "" ? 1 : -1;
  return a.pre.localeCompare(b.pre, "en", { numeric: true });
}

function wrong(index: number, why: string): Error {
  return new Error(`CHANGELOG.md:${index + 1}: ${why}`);
}
