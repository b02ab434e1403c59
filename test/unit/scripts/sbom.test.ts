import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type Bom, bomProblems, finishBom, productionTree } from "../../../scripts/releasing/sbom.js";

const sha512 = "ab".repeat(64);
const lock = {
  packages: {
    "": {
      version: "1.0.0",
      dependencies: { ws: "^8" },
      devDependencies: { vitest: "4" },
      peerDependencies: {},
    },
    "node_modules/ws": { version: "8.1.0" },
    "node_modules/vitest": { version: "4.1.0", dev: true },
    "node_modules/nfqueue": { version: "0.3.2", peer: true },
    "node_modules/nan": { version: "2.0.0", devOptional: true },
  },
};
const bom: Bom = {
  bomFormat: "CycloneDX",
  specVersion: "1.5",
  serialNumber: "urn:uuid:7fa56700-0000-4000-8000-000000000000",
  metadata: {
    timestamp: "2026-11-23T16:15:41.457Z",
    component: {
      "bom-ref": "nmzc@1.0.0",
      type: "application",
      name: "nmzc",
      version: "1.0.0",
      purl: "pkg:npm/nmzc@1.0.0",
    },
  },
  components: [
    {
      "bom-ref": "ws@8.1.0",
      type: "library",
      name: "ws",
      version: "8.1.0",
      purl: "pkg:npm/ws@8.1.0",
      hashes: [{ alg: "SHA-512", content: sha512 }],
    },
  ],
  dependencies: [
    { ref: "nmzc@1.0.0", dependsOn: ["ws@8.1.0"] },
    { ref: "ws@8.1.0", dependsOn: [] },
  ],
};
const extras = {
  byteman: { version: "4.0.27", sha256: "cd".repeat(32) },
  timestamp: "2026-01-31T00:00:00.000Z",
  licenceOf: () => "MIT",
};

describe("productionTree", () => {
  it("keeps what is installed with nmzc", () => {
    const tree = productionTree({ name: "nmzc", devDependencies: { vitest: "4" } }, lock);
    expect(tree.manifest).toEqual({ name: "nmzc" });
    expect(Object.keys(tree.lock.packages)).toEqual(["", "node_modules/ws", "node_modules/nan"]);
    expect(tree.lock.packages[""]).toEqual({ version: "1.0.0", dependencies: { ws: "^8" } });
  });

  it("keeps every dependency of our own lockfile, those too that a development package needs", () => {
    const manifest = JSON.parse(readFileSync("package.json", "utf8"));
    const tree = productionTree(manifest, JSON.parse(readFileSync("package-lock.json", "utf8")));
    const missing = Object.keys(manifest.dependencies).filter(
      (name) => !tree.lock.packages[`node_modules/${name}`],
    );
    expect(missing).toEqual([]);
  });
});

describe("finishBom", () => {
  const finished = finishBom(bom, extras);

  it("adds the jar and the licences that npm did not find", () => {
    expect(bomProblems(finished, lock, "1.0.0")).toEqual([]);
    expect(finished.components.map(({ name }) => name)).toEqual(["ws", "byteman"]);
    expect(finished.dependencies[0]?.dependsOn).toContain("byteman@4.0.27");
  });

  it("gives the same list the same number, and another list another", () => {
    const later = { ...bom, serialNumber: "urn:uuid:00000000-0000-4000-8000-000000000001" };
    expect(finishBom(later, extras)).toEqual(finished);
    const other = finishBom(bom, { ...extras, timestamp: "2026-02-01T00:00:00.000Z" });
    expect(other.serialNumber).not.toBe(finished.serialNumber);
  });
});

describe("bomProblems", () => {
  const finished = finishBom(bom, extras);
  const [ws, jar] = finished.components;

  it.each<[string, Bom, string]>([
    ["another version's list", finished, "it is the list of pkg:npm/nmzc@1.0.0"],
    [
      "a dependency that is missing",
      { ...finished, components: [jar!] },
      "ws@8.1.0 is a dependency and not listed",
    ],
    ["a component twice", { ...finished, components: [ws!, ws!, jar!] }, "ws@8.1.0 stands there twice"],
    ["no licence", { ...finished, components: [{ ...ws!, licenses: [] }, jar!] }, "ws@8.1.0 has no licence"],
    ["no hash", { ...finished, components: [{ ...ws!, hashes: [] }, jar!] }, "ws@8.1.0 has no hash"],
    [
      "a cut hash",
      { ...finished, components: [{ ...ws!, hashes: [{ alg: "SHA-512", content: "ab" }] }, jar!] },
      '"ab" is no SHA-512',
    ],
    ["a name of nothing", { ...finished, dependencies: [{ ref: "x@1" }] }, "x@1 is named and not listed"],
  ])("finds %s", (_what, wrong, problem) => {
    const version = problem.startsWith("it is the list") ? "2.0.0" : "1.0.0";
    expect(bomProblems(wrong, lock, version).join("\n")).toContain(problem);
  });
});
