import { dirname, join } from "node:path/posix";

/** One file of a package, by its path in it. */
export interface PackedFile {
  readonly path: string;
  readonly isExecutable: boolean;
  readonly content: Buffer;
}

/** What is read of package.json. */
interface Manifest {
  readonly bin: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
}

/** Bounds, about a third above what there is. What makes a release grow beyond them is looked at, and they are moved. */
const maxPackedBytes = 2 << 20;
const maxUnpackedBytes = 4 << 20;
const maxFiles = 520;

const kinds = [
  /^(package\.json|README\.md|LICENSE|NOTICE|CHANGELOG\.md|SECURITY\.md)$/,
  /^ci\/(nmzc-ci|Jenkinsfile|docker\/nmzc-loop|gitlab\/nmzc\.gitlab-ci\.yml)$/,
  /^docs\/[a-z-]+\.(md|jsonl)$/,
  /^examples\/[\w./-]+$/,
  /^runtime\/autopilot\/[a-z-]+\.toml$/,
  /^dist\/agents\/java\/[\w.-]+\.(jar|txt)$/,
  /^dist\/bin\/[\w-]+\.(js|css)$/,
  /^dist\/src\/[\w./-]+(\.js|\.d\.ts)$/,
];
const neverPacked = /(^|\/)(\.[^/]+|node_modules|test|[^/]+\.test\.[^/]+|[^/]+\.(map|tgz|log|pem|key))(\/|$)/;
const required = [
  "package.json README.md LICENSE NOTICE CHANGELOG.md SECURITY.md",
  "dist/agents/java/nmz-java.jar dist/agents/java/byteman.jar dist/agents/java/LGPL-2.1.txt",
  "dist/bin/report-page.js dist/bin/report-page.css dist/bin/nmzc-supervisor.js",
]
  .join(" ")
  .split(" ");
const installScripts = ["preinstall", "install", "postinstall", "prepublish", "prepare"];
/** Started by name, so no import leads to them: threads and the supervisor; the page of the report is a file like any. */
const startedByName = /^dist\/bin\/([\w-]+-worker|close-worker|nmzc-supervisor|report-page)\.(js|css)$/;

/**
 * What is wrong with a package as it would be published, a line each: a file that nobody needs, one that is missing, an import
 * that leads nowhere, more than it may weigh. `packedBytes` is the size of the tarball; `madeIn` a folder whose name must be in none.
 */
export function packProblems(files: readonly PackedFile[], packedBytes: number, madeIn: string): string[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const manifest = JSON.parse(byPath.get("package.json")?.content.toString() ?? "{}") as Manifest;
  const reached = reachedFrom(rootsOf(manifest, files), byPath);
  return [
    ...required.filter((path) => !byPath.has(path)).map((path) => `${path} is missing`),
    ...files.flatMap((file) => fileProblems(file, madeIn)),
    ...linkProblems(files, byPath),
    ...reached.problems,
    ...packageProblems(reached.packages, manifest),
    ...unneeded(files, reached.paths),
    ...Object.values(manifest.bin ?? {}).flatMap((path) => programProblems(path, byPath.get(path))),
    ...installScripts
      .filter((name) => manifest.scripts?.[name] !== undefined)
      .map((name) => `package.json runs a script at install: ${name}`),
    ...tooMuch("bytes packed", packedBytes, maxPackedBytes),
    ...tooMuch(
      "bytes unpacked",
      files.reduce((sum, { content }) => sum + content.length, 0),
      maxUnpackedBytes,
    ),
    ...tooMuch("files", files.length, maxFiles),
  ];
}

function tooMuch(what: string, value: number, bound: number): string[] {
  return value > bound ? [`${value} ${what}, at most ${bound}`] : [];
}

function fileProblems({ path, content }: PackedFile, madeIn: string): string[] {
  if (neverPacked.test(path) || !kinds.some((kind) => kind.test(path))) {
    return [`${path} does not belong into the package`];
  }
  const problems: string[] = [];
  if (content.includes(madeIn)) problems.push(`${path} names the folder that it was made in, ${madeIn}`);
  if (/\.(js|css)$/.test(path) && content.includes("sourceMappingURL="))
    problems.push(`${path} points to a source map that is not packed`);
  return problems;
}

function programProblems(path: string, file: PackedFile | undefined): string[] {
  if (file === undefined) return [`${path} is missing`];
  const [begin] = file.content.toString("latin1", 0, 40).split("\n");
  const isProgram = file.isExecutable && (begin === "#!/usr/bin/env -S node --" || begin === "#!/bin/sh");
  return isProgram ? [] : [`${path} cannot be executed`];
}

function rootsOf({ bin, exports }: Manifest, files: readonly PackedFile[]): string[] {
  const exported = Object.values(exports ?? {}).flatMap((entry) =>
    typeof entry === "string" ? [entry] : Object.values(entry),
  );
  return [
    ...Object.values(bin ?? {}),
    ...exported.map((path) => path.replace(/^\.\//, "")),
    ...files.map(({ path }) => path).filter((path) => startedByName.test(path)),
  ];
}

const imports =
  /^\s*(?:import|export)\b[^"';]*?\bfrom\s*["']([^"'\n]+)["']|^\s*import\s*["']([^"'\n]+)["']|\bimport\(\s*["']([^"'\n]+)["']\s*\)|\brequire\d*\(\s*["']([^"'\n]+)["']\s*\)/gm;

/** Everything that imports lead to from the roots, and what they name of other packages. */
function reachedFrom(roots: readonly string[], byPath: ReadonlyMap<string, PackedFile>) {
  const paths = new Set<string>();
  const packages = new Map<string, string>();
  const problems: string[] = [];
  const visit = (path: string, from: string): void => {
    const file = byPath.get(path);
    if (file === undefined) problems.push(`${from} needs ${path}, which is not packed`);
    if (file === undefined || paths.has(path)) return;
    paths.add(path);
    if (!/\.(js|d\.ts)$/.test(path) || path === "dist/bin/report-page.js") return;
    for (const match of file.content.toString().matchAll(imports)) {
      const name = match[1] ?? match[2] ?? match[3] ?? match[4]!;
      if (name.includes("${")) continue; // in the text of a policy that is written for the user
      if (name.startsWith(".")) {
        const target = join(dirname(path), name);
        visit(path.endsWith(".d.ts") ? target.replace(/\.js$/, ".d.ts") : target, path);
      } else if (!name.startsWith("node:")) packages.set(packageOf(name), path);
    }
  };
  for (const root of roots) visit(root, "package.json");
  return { paths, packages, problems };
}

/** The programs' folder is made anew by each build; of the compiled sources whole folders are packed. */
function unneeded(files: readonly PackedFile[], reached: ReadonlySet<string>): string[] {
  const folders = new Set([...reached].map((path) => topFolder(path)));
  return files
    .map(({ path }) => path)
    .filter((path) => (path.startsWith("dist/bin/") ? !reached.has(path) : path.startsWith("dist/src/")))
    .filter((path) => path.startsWith("dist/bin/") || !folders.has(topFolder(path)))
    .map((path) => `${path} is needed by nothing`);
}

function topFolder(path: string): string {
  return path.split("/").slice(0, 3).join("/");
}

function packageOf(name: string): string {
  return name
    .split("/")
    .slice(0, name.startsWith("@") ? 2 : 1)
    .join("/");
}

function packageProblems(packages: ReadonlyMap<string, string>, manifest: Manifest): string[] {
  const declared = { ...manifest.dependencies, ...manifest.peerDependencies };
  return [...packages]
    .filter(([name]) => name !== "nmzc" && declared[name] === undefined)
    .map(([name, path]) => `${path} imports ${name}, which package.json does not depend on`);
}

/** Pages are read in node_modules, too: what they link to is there, but for the images, whose folders are built in a checkout. */
function linkProblems(files: readonly PackedFile[], byPath: ReadonlyMap<string, PackedFile>): string[] {
  const folders = new Set(files.map(({ path }) => dirname(path)));
  return files
    .filter(({ path }) => path.endsWith(".md"))
    .flatMap(({ path, content }) =>
      [...content.toString().matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)]
        .map((match) => match[1]!)
        .filter((target) => !/^[a-z]+:/.test(target))
        .map((target) => join(dirname(path), target).replace(/\/$/, ""))
        .filter((target) => !byPath.has(target) && !folders.has(target) && !target.startsWith("images/"))
        .map((target) => `${path} links to ${target}, which is not packed`),
    );
}
