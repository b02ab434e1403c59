import { createHash } from "node:crypto";

/** What is read and written of CycloneDX 1.5 (https://cyclonedx.org/docs/1.5/json), as `npm sbom` makes it. */
export interface Bom {
  readonly bomFormat: string;
  readonly specVersion: string;
  readonly serialNumber?: string;
  readonly metadata: { readonly timestamp?: string; readonly component: BomComponent };
  readonly components: readonly BomComponent[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn?: readonly string[] }[];
}

export interface BomComponent {
  readonly "bom-ref": string;
  readonly type: string;
  readonly name: string;
  readonly version: string;
  readonly purl: string;
  readonly hashes?: readonly { readonly alg: string; readonly content: string }[];
  readonly licenses?: readonly object[];
}

/** A package.json, or the lockfile's part on one package. */
interface Manifest {
  name?: string;
  version?: string;
  dependencies?: Record<string, string>;
  devDependencies?: unknown;
  peerDependencies?: unknown;
  peerDependenciesMeta?: unknown;
  dev?: boolean;
  peer?: boolean;
  devOptional?: boolean;
}

export interface Lockfile {
  packages: Record<string, Manifest>;
}

/**
 * A package.json and its lockfile without what only developers and the optional drivers need. `npm sbom --omit dev` on the whole
 * leaves out too much: every package that a development package needs as well, ws and yaml among them (npm 10 and 11).
 */
export function productionTree(manifest: Manifest, lock: Lockfile): { manifest: Manifest; lock: Lockfile } {
  const kept = Object.entries(lock.packages).filter(
    ([path, entry]) =>
      path === "" || !(entry.dev === true || (entry.peer === true && entry.devOptional !== true)),
  );
  const packages = Object.fromEntries(kept.map(([path, entry]) => [path, path === "" ? bare(entry) : entry]));
  return { manifest: bare(manifest), lock: { ...lock, packages } };
}

function bare({ devDependencies, peerDependencies, peerDependenciesMeta, ...rest }: Manifest): Manifest {
  return rest;
}

export interface BomExtras {
  /** Unmodified in our tarball, and no package of npm's: BYTEMAN.txt. */
  readonly byteman: { readonly version: string; readonly sha256: string };
  /** When the commit was made, ISO 8601: the same release has the same SBOM. */
  readonly timestamp: string;
  /** What a package says of its licence where the lockfile does not, by its name. */
  readonly licenceOf: (name: string) => string | undefined;
}

/** npm's list with what it cannot know: the jar, licences in an old form; and with no chance in it. */
export function finishBom(bom: Bom, { byteman, timestamp, licenceOf }: BomExtras): Bom {
  const jar: BomComponent = {
    "bom-ref": `byteman@${byteman.version}`,
    type: "library",
    name: "byteman",
    version: byteman.version,
    purl: `pkg:maven/org.jboss.byteman/byteman@${byteman.version}`,
    hashes: [{ alg: "SHA-256", content: byteman.sha256 }],
    licenses: [{ license: { id: "LGPL-2.1-or-later" } }],
  };
  const components = bom.components.map((component) => {
    if ((component.licenses?.length ?? 0) > 0) return component;
    const licence = licenceOf(component.name);
    return licence === undefined ? component : { ...component, licenses: [{ license: { id: licence } }] };
  });
  const root = bom.metadata.component["bom-ref"];
  const { serialNumber: _random, ...rest } = bom;
  const finished = {
    ...rest,
    metadata: { ...bom.metadata, timestamp },
    components: [...components, jar],
    dependencies: [
      ...bom.dependencies.map((each) =>
        each.ref === root ? { ...each, dependsOn: [...(each.dependsOn ?? []), jar["bom-ref"]] } : each,
      ),
      { ref: jar["bom-ref"], dependsOn: [] },
    ],
  };
  const digest = createHash("sha256").update(JSON.stringify(finished)).digest("hex");
  // A UUID's form, version 8: made by its owner's rule (RFC 9562).
  const uuid = [
    digest.slice(0, 8),
    digest.slice(8, 12),
    `8${digest.slice(13, 16)}`,
    `8${digest.slice(17, 20)}`,
    digest.slice(20, 32),
  ];
  return { ...finished, serialNumber: `urn:uuid:${uuid.join("-")}` };
}

/** What is wrong with a list of components of this version, by CycloneDX' rules and ours. */
export function bomProblems(bom: Bom, { packages }: Lockfile, version: string): string[] {
  const problems: string[] = [];
  const said = (isWrong: boolean, problem: string): void => {
    if (isWrong) problems.push(problem);
  };
  said(bom.bomFormat !== "CycloneDX" || bom.specVersion !== "1.5", "it is no CycloneDX 1.5");
  said(
    !/^urn:uuid:[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(bom.serialNumber ?? ""),
    "its serial number is no UUID",
  );
  said(Number.isNaN(Date.parse(bom.metadata.timestamp ?? "")), "it has no time");
  const { component } = bom.metadata;
  said(component.purl !== `pkg:npm/nmzc@${version}`, `it is the list of ${component.purl}`);
  const refs = new Set([component["bom-ref"]]);
  for (const each of bom.components) {
    const ref = each["bom-ref"];
    said(refs.has(ref), `${ref} stands there twice`);
    refs.add(ref);
    said(!each.purl.startsWith("pkg:"), `${ref} has no package URL`);
    said((each.hashes ?? []).length === 0, `${ref} has no hash`);
    said((each.licenses ?? []).length === 0, `${ref} has no licence`);
    for (const { alg, content } of each.hashes ?? []) {
      const digits = { "SHA-512": 128, "SHA-256": 64, "SHA-1": 40 }[alg];
      said(content.length !== digits || !/^[\da-f]+$/.test(content), `${ref}: "${content}" is no ${alg}`);
    }
  }
  for (const { ref, dependsOn } of bom.dependencies) {
    for (const each of [ref, ...(dependsOn ?? [])]) said(!refs.has(each), `${each} is named and not listed`);
  }
  const wanted = Object.keys(packages[""]?.dependencies ?? {}).map(
    (name) => `${name}@${packages[`node_modules/${name}`]?.version}`,
  );
  for (const ref of wanted) said(!refs.has(ref), `${ref} is a dependency and not listed`);
  return problems;
}
