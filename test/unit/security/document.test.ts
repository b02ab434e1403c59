import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

describe("SECURITY.md", () => {
  it("names tests that are there", () => {
    const text = readFileSync("SECURITY.md", "utf8");
    const named = [...text.matchAll(/`((?:unit|integration)\/[\w./-]+)`/g)].map(
      (match) => `test/${match[1]}`,
    );
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((path) => !existsSync(path) && !existsSync(`${path}.test.ts`))).toEqual([]);
  });
});
