import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const pages = [
  "README.md",
  "CHANGELOG.md",
  "SECURITY.md",
  ...["docs", "examples", "images", "runtime/agents"].flatMap((folder) =>
    (readdirSync(join(root, folder), { recursive: true }) as string[])
      .filter((name) => name.endsWith(".md") && !name.includes("node_modules"))
      .map((name) => join(folder, name)),
  ),
];

/** What a page links to in this repository; links to elsewhere and to a heading of the same page are not files. */
function linkedFiles(page: string): string[] {
  const text = readFileSync(join(root, page), "utf8");
  return [...text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)]
    .map((match) => match[1]!)
    .filter((target) => !/^[a-z]+:/.test(target));
}

describe("links between pages", () => {
  it.each(pages)("lead from %s to files that exist", (page) => {
    const missing = linkedFiles(page).filter((target) => !existsSync(join(root, dirname(page), target)));
    expect(missing).toEqual([]);
  });

  // The npm package has no sources and no tests; scripts/release refuses a page that links to them.
  const packed =
    /^(README|CHANGELOG|SECURITY)\.md$|^(LICENSE|NOTICE)$|^(ci|docs|examples|runtime\/autopilot)(\/|$)/;
  it.each(pages.filter((page) => packed.test(page)))("stay in the npm package, in %s", (page) => {
    const outside = linkedFiles(page)
      .map((target) => join(dirname(page), target))
      .filter((target) => !packed.test(target) && !target.startsWith("images/"));
    expect(outside).toEqual([]);
  });

  it("lead to every page below docs", () => {
    const linked = new Set(
      pages.flatMap((page) => linkedFiles(page).map((target) => join(dirname(page), target))),
    );
    expect(pages.filter((page) => page.startsWith("docs/") && !linked.has(page))).toEqual([]);
  });
});
