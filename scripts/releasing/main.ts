import { createHash } from "node:crypto";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { oldLicenceOf } from "../package-licence.js";
import { cutVersion, notesOf } from "./changelog.js";
import { packProblems } from "./pack-rules.js";
import { readPackage } from "./read-package.js";
import { type Bom, bomProblems, finishBom, productionTree } from "./sbom.js";

/** The parts of scripts/release that look into files; each is called there, in the repository's folder. */
const commands: Readonly<Record<string, (...words: string[]) => readonly string[]>> = {
  /** What is new in the version, to the standard output. */
  notes(version) {
    const { date, text } = notesOf(readText("CHANGELOG.md"), version!);
    process.stdout.write(`# nmzc ${version}, ${date}\n\n${text}\n`);
    return [];
  },
  /** All three files that name the version, at once or not at all. */
  cut(version, date) {
    const changelog = cutVersion(readText("CHANGELOG.md"), version!, date!);
    const lock = readJson("package-lock.json");
    const manifest = readText("package.json").replace(
      /^ {2}"version": "[^"]*"/m,
      `  "version": "${version}"`,
    );
    lock.version = version;
    lock.packages[""].version = version;
    writeFileSync("CHANGELOG.md", changelog);
    writeFileSync("package.json", manifest);
    writeFileSync("package-lock.json", `${JSON.stringify(lock, undefined, 2)}\n`);
    return [];
  },
  "check-package"(folder, tarball, madeIn) {
    return packProblems(readPackage(folder!), statSync(tarball!).size, madeIn!);
  },
  /** What a user installs, for npm to list. */
  "production-tree"(folder) {
    const { manifest, lock } = productionTree(readJson("package.json"), readJson("package-lock.json"));
    writeFileSync(join(folder!, "package.json"), JSON.stringify(manifest));
    writeFileSync(join(folder!, "package-lock.json"), JSON.stringify(lock));
    return [];
  },
  /** npm's list of components made whole in place, and checked. */
  "finish-sbom"(file, jar, timestamp) {
    const { version } = readJson("package.json");
    const extras = {
      byteman: bytemanOf(jar!),
      timestamp: new Date(timestamp!).toISOString(),
      licenceOf: oldLicenceOf,
    };
    const bom = finishBom(readJson(file!) as Bom, extras);
    writeFileSync(file!, `${JSON.stringify(bom, undefined, 2)}\n`);
    process.stderr.write(`${bom.components.length} components\n`);
    return bomProblems(bom, readJson("package-lock.json"), version);
  },
};

function readText(file: string): string {
  return readFileSync(file, "utf8");
}

// biome-ignore lint/suspicious/noExplicitAny: files of npm's, whose readers check what they use
function readJson(file: string): any {
  return JSON.parse(readText(file));
}

/** Which version it is stands where it is fetched. */
function bytemanOf(jar: string): { version: string; sha256: string } {
  const version = /^byteman_version=(\S+)$/m.exec(readText("scripts/build-agent"))?.[1];
  if (version === undefined) throw new Error("scripts/build-agent names no version of Byteman");
  return { version, sha256: createHash("sha256").update(readFileSync(jar)).digest("hex") };
}

const [command = "", ...words] = process.argv.slice(2);
try {
  const problems = commands[command]?.(...words) ?? [`no command is called "${command}"`];
  for (const problem of problems) process.stderr.write(`release: ${problem}\n`);
  process.exitCode = problems.length === 0 ? 0 : 1;
} catch (error) {
  process.stderr.write(`release: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
