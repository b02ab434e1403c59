import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { readFlags } from "../../../src/cli/flags/index.js";
import { parseRun, runFlagSections } from "../../../src/cli/run/index.js";
import { parseAutopilot } from "../../../src/config/index.js";
import { policies } from "../../../src/policy/index.js";

const root = fileURLToPath(new URL("../../../", import.meta.url));

const pages = ["README.md", "docs", "examples", "images"].flatMap((name) =>
  name.endsWith(".md")
    ? [name]
    : (readdirSync(join(root, name), { recursive: true }) as string[])
        .filter((path) => path.endsWith(".md") && !path.includes("node_modules"))
        .map((path) => join(name, path)),
);

interface Snippet {
  readonly page: string;
  readonly text: string;
}

function autopilots(): Snippet[] {
  return pages.flatMap((page) =>
    [...readFileSync(join(root, page), "utf8").matchAll(/```toml\n([\s\S]*?)```/g)].map((match) => ({
      page,
      text: match[1]!,
    })),
  );
}

/** Lines that a reader would type, continued lines joined, comments gone. */
function runCommands(): Snippet[] {
  return pages.flatMap((page) => {
    const text = readFileSync(join(root, page), "utf8").replaceAll("\\\n", " ");
    return [...text.matchAll(/^(?: {4}|\$ )(?:sudo )?nmzc run (.*)$/gm)].map((match) => ({
      page,
      text: match[1]!.replace(/\s#.*/, ""),
    }));
  });
}

function words(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map((match) =>
    (match[1] ?? match[2] ?? match[3]!).replaceAll("$PWD", "/somewhere"),
  );
}

describe("The documentation", () => {
  it.each(autopilots())("shows an autopilot that loads ($page)", ({ page, text }) => {
    expect(parseAutopilot(text, "toml", page, policies).autopilot.explorePolicy).not.toBe("");
  });

  it.each(runCommands())("shows a run that the command line takes: $text ($page)", ({ text }) => {
    const rules = { path: "nmzc run", isInterspersed: false, hasShortHelp: false };
    const flags = runFlagSections.flatMap((section) => section.flags);
    const read = readFlags(words(text), flags, rules);
    const surroundings = { env: {}, cwd: root, readFile: (path: string) => readFileSync(path) };
    expect(parseRun(read.uses, read.args, surroundings, rules).body.Image).toMatch(/^[\w./:-]+$/);
  });

  it("has commands and autopilots to check", () => {
    expect(autopilots().length).toBeGreaterThan(0);
    expect(runCommands().length).toBeGreaterThan(5);
  });
});
