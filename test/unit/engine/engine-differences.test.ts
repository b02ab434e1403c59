import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { renderEngineDocs } from "../../../runtime/engine/difference-table.js";
import { engineDifferences } from "../../../runtime/engine/index.js";

const page = readFileSync("docs/engines.md", "utf8");

describe("docs/engines.md", () => {
  it("holds the table of differences as it is (npm run docs)", () => {
    expect(renderEngineDocs(page)).toBe(page);
  });

  it("has a row with a reason for each difference", () => {
    for (const { id, reason } of engineDifferences) {
      expect(page).toContain(`| ${id} | `);
      expect(reason).not.toBe("");
    }
  });

  it("is refused without the marks of the table", () => {
    expect(() => renderEngineDocs("# Engines\n")).toThrow("differences: made by npm run docs");
  });
});
