/**
 * What is in the image, as CycloneDX 1.5 (https://cyclonedx.org/docs/1.5/json) and as a table of licences: npm's own list,
 * Node, and Debian's packages with the licences that their copyright files name. The same input gives the same bytes.
 */
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: {
    npm: { type: "string" },
    debian: { type: "string" },
    epoch: { type: "string" },
    installed: { type: "string" },
    "build-agent": { type: "string" },
    docs: { type: "string", multiple: true },
    out: { type: "string" },
  },
});

/** The names behind "License:" of a machine-readable copyright file; [] for an older one, which is kept all the same. */
function debianLicences(name) {
  for (const folder of values.docs) {
    const file = join(folder, name, "copyright");
    if (!existsSync(file)) continue;
    const names = [...readFileSync(file, "utf8").matchAll(/^License:[ \t]*(\S.*)$/gm)].map((match) =>
      match[1].trim(),
    );
    return [...new Set(names)].sort();
  }
  return [];
}

const home = "/usr/local/lib/nmzc";
const packagePath = ({ properties = [] }) =>
  properties.find(({ name }) => name === "cdx:npm:package:path")?.value;

const npm = JSON.parse(readFileSync(values.npm, "utf8"));
/** The lockfile names the packages of other machines, too. */
const installed = npm.components.filter((component) => {
  const path = packagePath(component);
  return path !== undefined && existsSync(join(values.installed, path));
});
const isInside = new Set([npm.metadata.component?.["bom-ref"], ...installed.map((each) => each["bom-ref"])]);
const dependencies = npm.dependencies
  .filter(({ ref }) => isInside.has(ref))
  .map((each) => ({ ...each, dependsOn: each.dependsOn?.filter((ref) => isInside.has(ref)) }));
const debian = readFileSync(values.debian, "utf8")
  .split("\n")
  .filter((line) => line.startsWith("ii"))
  .map((line) => line.split("\t"))
  .map(([, name, version, architecture, source]) => ({
    "bom-ref": `pkg:deb/debian/${name}@${encodeURIComponent(version)}?arch=${architecture}`,
    type: "library",
    name,
    version,
    purl: `pkg:deb/debian/${name}@${encodeURIComponent(version)}?arch=${architecture}`,
    licenses: debianLicences(name).map((licence) => ({ license: { name: licence } })),
    properties: [
      { name: "debian:source", value: source },
      { name: "debian:copyright", value: `/usr/share/doc/${name}/copyright` },
    ],
  }));
const node = {
  "bom-ref": `pkg:generic/node@${process.versions.node}`,
  type: "application",
  name: "node",
  version: process.versions.node,
  purl: `pkg:generic/node@${process.versions.node}`,
  licenses: [{ license: { id: "MIT" } }],
  properties: [{ name: "nmzc:licence", value: "/usr/share/nmzc/licences/node.txt" }],
};

function byteman() {
  const version = /^byteman_version=(\S+)$/m.exec(readFileSync(values["build-agent"], "utf8"))?.[1];
  if (version === undefined) throw new Error(`${values["build-agent"]} does not say byteman_version=`);
  const purl = `pkg:maven/org.jboss.byteman/byteman@${version}`;
  return {
    "bom-ref": purl,
    type: "library",
    group: "org.jboss.byteman",
    name: "byteman",
    version,
    licenses: [{ license: { id: "LGPL-2.1-or-later" } }],
    purl,
    properties: [
      { name: "nmzc:licence", value: `${home}/dist/agents/java/LGPL-2.1.txt` },
      { name: "nmzc:notice", value: `${home}/dist/agents/java/BYTEMAN.txt` },
    ],
  };
}

const hasAgent = existsSync(join(values.installed, "dist/agents/java/byteman.jar"));
const components = [...installed, node, ...(hasAgent ? [byteman()] : []), ...debian];
const digest = createHash("sha256").update(JSON.stringify(components)).digest("hex");
const bom = {
  ...npm,
  serialNumber: `urn:uuid:${[8, 4, 4, 4, 12].map((length, index) => digest.slice(index * 12, index * 12 + length)).join("-")}`,
  metadata: { ...npm.metadata, timestamp: new Date(Number(values.epoch) * 1000).toISOString() },
  components,
  dependencies,
};
writeFileSync(join(values.out, "sbom.cdx.json"), `${JSON.stringify(bom, undefined, 2)}\n`);

const nameOf = ({ license, expression }) => expression ?? license?.id ?? license?.name;
const rows = components.map((component) => {
  const { name, version = "", licenses = [], properties = [] } = component;
  const where =
    properties.find((each) => /copyright|licence/.test(each.name))?.value ??
    `${home}/${packagePath(component)}`;
  return `${name}\t${version}\t${licenses.map(nameOf).join(", ") || "see the file"}\t${where}`;
});
writeFileSync(join(values.out, "licences.tsv"), `name\tversion\tlicences\twhere\n${rows.join("\n")}\n`);
