import { describe, expect, it } from "vitest";
import { type PackedFile, packProblems } from "../../../scripts/releasing/pack-rules.js";

const manifest = {
  bin: { nmzc: "dist/bin/nmzc.js" },
  exports: { ".": { types: "./dist/src/index.d.ts", default: "./dist/src/index.js" } },
  dependencies: { ws: "^8" },
  peerDependencies: {},
};

const texts: Readonly<Record<string, string>> = {
  "package.json": JSON.stringify(manifest),
  "README.md": "[loop](docs/loop.md)",
  LICENSE: "",
  NOTICE: "",
  "CHANGELOG.md": "",
  "SECURITY.md": "",
  "docs/loop.md": "",
  "dist/agents/java/nmz-java.jar": "",
  "dist/agents/java/byteman.jar": "",
  "dist/agents/java/LGPL-2.1.txt": "",
  "dist/bin/report-page.js": "",
  "dist/bin/report-page.css": "",
  "dist/bin/nmzc-supervisor.js": "",
  "dist/bin/queue-worker.js": "",
  "dist/bin/nmzc.js": '#!/usr/bin/env -S node --\nimport { run } from "./run-AB12.js";\n',
  "dist/bin/run-AB12.js": 'import { join } from "node:path";\nimport("ws");\n',
  "dist/src/index.js": 'export * from "./policy/index.js";\n',
  "dist/src/index.d.ts": 'export * from "./policy/index.js";\n',
  "dist/src/policy/index.js": "",
  "dist/src/policy/index.d.ts": "",
};

function packed(changes: Readonly<Record<string, string | undefined>> = {}): PackedFile[] {
  return Object.entries({ ...texts, ...changes }).flatMap(([path, text]) =>
    text === undefined
      ? []
      : [{ path, isExecutable: path === "dist/bin/nmzc.js", content: Buffer.from(text) }],
  );
}

const problems = (changes?: Readonly<Record<string, string | undefined>>, bytes = 1000) =>
  packProblems(packed(changes), bytes, "/home/somebody/nmzc");

describe("packProblems", () => {
  it("finds nothing wrong with a package that holds what it needs", () => {
    expect(problems()).toEqual([]);
  });

  it.each<[string, Record<string, string | undefined>, string]>([
    ["a test", { "dist/src/policy/index.test.js": "" }, "dist/src/policy/index.test.js does not belong"],
    ["a source", { "dist/src/policy/index.ts": "" }, "dist/src/policy/index.ts does not belong"],
    ["a script's module", { "dist/scripts/bundle.js": "" }, "dist/scripts/bundle.js does not belong"],
    ["a map", { "dist/bin/nmzc.js.map": "" }, "dist/bin/nmzc.js.map does not belong"],
    ["a hidden file", { "examples/.env": "" }, "examples/.env does not belong"],
    ["a key", { "examples/server.key": "" }, "examples/server.key does not belong"],
    ["packages of an example", { "examples/a/node_modules/b/c.js": "" }, "does not belong"],
    [
      "a map that is not there",
      { "dist/bin/queue-worker.js": "//# sourceMappingURL=a.map" },
      "points to a source map",
    ],
    ["a missing chunk", { "dist/bin/run-AB12.js": undefined }, "dist/bin/nmzc.js needs dist/bin/run-AB12.js"],
    ["missing types", { "dist/src/policy/index.d.ts": undefined }, "needs dist/src/policy/index.d.ts"],
    ["an old build's chunk", { "dist/bin/old-12.js": "" }, "dist/bin/old-12.js is needed by nothing"],
    [
      "a folder that nothing exports",
      { "dist/src/cli/main.js": "" },
      "dist/src/cli/main.js is needed by nothing",
    ],
    [
      "a package that is not installed",
      { "dist/bin/queue-worker.js": 'import "left-pad";' },
      "imports left-pad",
    ],
    ["a missing licence", { LICENSE: undefined }, "LICENSE is missing"],
    ["no jar", { "dist/agents/java/nmz-java.jar": undefined }, "nmz-java.jar is missing"],
    [
      "a program without its first line",
      { "dist/bin/nmzc.js": 'import "./run-AB12.js";' },
      "cannot be executed",
    ],
    ["a link out of it", { "docs/loop.md": "[x](../test/a.ts)" }, "docs/loop.md links to test/a.ts"],
    ["the folder of its maker", { "docs/loop.md": "/home/somebody/nmzc/docs" }, "names the folder"],
    [
      "a script at install",
      { "package.json": JSON.stringify({ ...manifest, scripts: { postinstall: "node-gyp rebuild" } }) },
      "runs a script at install: postinstall",
    ],
  ])("finds %s", (_what, changes, problem) => {
    expect(problems(changes).join("\n")).toContain(problem);
  });

  it("finds a package that has grown too large", () => {
    expect(problems({}, 3_000_000)).toEqual(["3000000 bytes packed, at most 2097152"]);
  });
});
