import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { renderEngineDocs } from "../../../runtime/engine/difference-table.js";
import { engineDifferences } from "../../../runtime/engine/index.js";

/** Sources that may do something else on Podman, with their texts. */
const sources = [
  "test/e2e",
  "test/integration",
  "test/images",
  "test/helpers",
  "runtime/engine",
  "src/container",
]
  .flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: "utf8" }).map((name) => join(folder, name)),
  )
  .filter((path) => path.endsWith(".ts"))
  .map((path) => ({ path, text: readFileSync(path, "utf8") }));

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

describe("A difference of engines", () => {
  it("has a row wherever code or a test names it", () => {
    const rows = new Set(engineDifferences.map(({ id }) => id));
    const named = sources.flatMap(({ path, text }) =>
      [...text.matchAll(/\bdifferences? ("[a-z-]+"(?: and "[a-z-]+")*)/g)].flatMap(([, ids = ""]) =>
        ids.split(" and ").map((id) => ({ path, id: id.slice(1, -1) })),
      ),
    );
    expect(named.filter(({ id }) => !rows.has(id))).toEqual([]);
    expect(new Set(named.map(({ id }) => id)).size).toBeGreaterThan(5);
  });

  it("is named by each test that asks which engine it runs on", () => {
    const silent = sources.filter(
      ({ path, text }) =>
        path.endsWith(".test.ts") &&
        /\bif \(!?isPodman\)|\btestEngine ===/.test(text) &&
        !/\bdifferences? "/.test(text),
    );
    expect(silent.map(({ path }) => path)).toEqual([]);
  });
});
