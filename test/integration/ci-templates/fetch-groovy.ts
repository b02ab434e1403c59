import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";

/** The Groovy that Jenkins runs pipelines with. */
const version = "2.4.21";
const sha256 = "de65260cf2070442e99882f2f3d72e7531725c1e6a257446cc0cea525c607bd0";
const name = `groovy-all-${version}.jar`;

/**
 * The path of Groovy's jar, whose content is pinned here: one of an earlier run, or of Maven's own repository, and only where there
 * is none, fetched. A network that does not answer does no harm to who has the file.
 */
export function fetchGroovy(cache = resolve("node_modules/.cache/nmzc-tests")): string {
  const kept = join(cache, name);
  const ofMaven = join(homedir(), ".m2/repository/org/codehaus/groovy/groovy-all", version, name);
  const found = [kept, ofMaven].find(isIt);
  if (found !== undefined) return found;
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, "groovy-"));
  try {
    const goal = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy";
    const artifact = `-Dartifact=org.codehaus.groovy:groovy-all:${version}`;
    twice(() =>
      execFileSync("mvn", ["-q", "-B", goal, artifact, `-DoutputDirectory=${folder}`], {
        ...{ cwd: folder, stdio: "pipe", timeout: 100_000 },
      }),
    );
    if (!isIt(join(folder, name))) throw new Error(`${name} is not the one whose SHA-256 is ${sha256}`);
    renameSync(join(folder, name), kept);
    return kept;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function isIt(path: string): boolean {
  return existsSync(path) && createHash("sha256").update(readFileSync(path)).digest("hex") === sha256;
}

function twice(attempt: () => void): void {
  try {
    attempt();
  } catch {
    attempt();
  }
}
