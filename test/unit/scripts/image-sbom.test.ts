import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "nmzc-image-sbom-"));
const installed = join(folder, "installed");
afterAll(() => rmSync(folder, { recursive: true }));

function component(name: string, path: string): object {
  const properties = [{ name: "cdx:npm:package:path", value: path }];
  const licenses = [{ license: { id: "MIT" } }];
  return { "bom-ref": `${name}@1`, name, version: "1", purl: `pkg:npm/${name}@1`, licenses, properties };
}

let rows: string[][] = [];

beforeAll(() => {
  for (const path of ["node_modules/a/node_modules/b", "dist/agents/java"])
    mkdirSync(join(installed, path), { recursive: true });
  writeFileSync(join(installed, "dist/agents/java/byteman.jar"), "");
  writeFileSync(
    join(folder, "npm.json"),
    JSON.stringify({
      metadata: {},
      components: [
        component("a", "node_modules/a"),
        component("b", "node_modules/a/node_modules/b"),
        component("of-another-machine", "node_modules/of-another-machine"),
      ],
      dependencies: [],
    }),
  );
  writeFileSync(join(folder, "debian.tsv"), "ii \tiptables\t1.8.9-2\tamd64\tiptables\n");
  const files = { npm: "npm.json", debian: "debian.tsv", docs: "doc", out: "" };
  const flags = Object.entries(files).flatMap(([flag, file]) => [`--${flag}`, join(folder, file)]);
  const more = ["--epoch", "0", "--installed", installed, "--build-agent", "scripts/build-agent"];
  execFileSync(process.execPath, ["scripts/lib/image/write-sbom.mjs", ...flags, ...more]);
  const table = readFileSync(join(folder, "licences.tsv"), "utf8").trim().split("\n");
  rows = table.slice(1).map((line) => line.split("\t"));
});

describe("write-sbom", () => {
  it("lists what is there, each with where its licence is", () => {
    const home = "/usr/local/lib/nmzc";
    const { node } = process.versions;
    expect(rows).toEqual([
      ["a", "1", "MIT", `${home}/node_modules/a`],
      ["b", "1", "MIT", `${home}/node_modules/a/node_modules/b`],
      ["node", node, "MIT", "/usr/share/nmzc/licences/node.txt"],
      ["byteman", expect.stringMatching(/^\d/), "LGPL-2.1-or-later", `${home}/dist/agents/java/LGPL-2.1.txt`],
      ["iptables", "1.8.9-2", "see the file", "/usr/share/doc/iptables/copyright"],
    ]);
  });
});
