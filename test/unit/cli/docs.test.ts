import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { programs, renderCliDocs } from "../../../src/cli/index.js";
import { runFlagSections } from "../../../src/cli/run/index.js";

const page = readFileSync("docs/cli.md", "utf8");

describe("docs/cli.md", () => {
  it("is what the tables make (npm run docs)", () => {
    expect(page).toBe(renderCliDocs(programs));
  });

  it("has every flag of run, and no flag that there is none of", () => {
    const section = page.split("\n## ").find((each) => each.startsWith("nmzc run\n"))!;
    const documented = [...section.matchAll(/^\|[^|]*?`--([\w-]+)`/gm)].map((match) => match[1]).sort();
    const known = runFlagSections.flatMap(({ flags }) => flags.map(({ name }) => name)).sort();
    expect(documented).toEqual(known);
  });
});
