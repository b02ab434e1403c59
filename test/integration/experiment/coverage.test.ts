import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  analyseClass,
  type ClassCoverage,
  countersOf,
  coverClass,
  linesOf,
  readExecutionData,
} from "../../../src/coverage/index.js";
import { requires } from "../../helpers/requires.js";
import { Workplace } from "./workplace.js";

requires("built", "javac", "mvn");

const fixture = fileURLToPath(new URL("../../fixtures/java/CoverageMix.java", import.meta.url));
const version = "0.8.12";

let place: Workplace;
let classes: string;
beforeAll(async () => {
  place = new Workplace();
  classes = join(place.path, "classes");
  mkdirSync(classes);
  execFileSync("javac", ["-g", "-d", classes, fixture]);
  for (const artifact of [`agent:${version}:jar:runtime`, `cli:${version}:jar:nodeps`]) fetchJacoco(artifact);
  // Run 0 gives the program no argument, run 1 one, run 2 two, with which it fails.
  const count = 'set -- $(seq 1 $((0x$(basename "$NMZ_WORKING_DIR"))))';
  const agent = `-javaagent:${join(place.path, `org.jacoco.agent-${version}-runtime.jar`)}=destfile=$NMZ_WORKING_DIR/jacoco.exec`;
  await place.init({
    run: `${count}\njava ${agent} -cp ${classes} CoverageMix "$@"`,
    validate: 'case "$NMZ_WORKING_DIR" in *2) exit 1 ;; esac',
  });
  for (const code of [0, 0, 1]) {
    const { exitCode, stderr } = await place.nmz("run", place.storage);
    if (exitCode !== code) throw new Error(`nmz run ended with ${exitCode}: ${stderr}`);
  }
}, 300_000);
afterAll(() => place.remove());

function fetchJacoco(artifact: string): void {
  const plugin = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy";
  const words = [`-Dartifact=org.jacoco:org.jacoco.${artifact}`, `-DoutputDirectory=${place.path}`];
  execFileSync("mvn", ["-q", "-B", plugin, ...words], { stdio: ["ignore", "inherit", "inherit"] });
}

/** What JaCoCo's own reading of a run is: class → its counters, and line → its numbers. */
function jacocosReport(run: string): { classes: Record<string, object>; lines: Record<string, number[]> } {
  const xml = join(run, "report.xml");
  const cli = join(place.path, `org.jacoco.cli-${version}-nodeps.jar`);
  const words = ["report", join(run, "jacoco.exec"), "--classfiles", classes, "--xml", xml, "--quiet"];
  execFileSync("java", ["-jar", cli, ...words]);
  const text = readFileSync(xml, "utf8");
  const found: Record<string, object> = {};
  for (const [, name = "", body = ""] of text.matchAll(
    /<class name="([^"]*)"[^>]*?(?<!\/)>([\s\S]*?)<\/class>/g,
  )) {
    const own = body.replace(/<method [^>]*>[\s\S]*?<\/method>/g, "");
    const counters = [...own.matchAll(/<counter type="(\w+)" missed="(\d+)" covered="(\d+)"/g)];
    found[name] = Object.fromEntries(
      counters
        .filter(([, type]) => type !== "COMPLEXITY" && type !== "CLASS")
        .map(([, type = "", missed, covered]) => [
          type.toLowerCase(),
          { missed: Number(missed), covered: Number(covered) },
        ]),
    );
  }
  const numbers = /<line nr="(\d+)" mi="(\d+)" ci="(\d+)" mb="(\d+)" cb="(\d+)"/g;
  const lines = [...text.matchAll(numbers)].map(
    ([, line = "", ...rest]) => [line, rest.map(Number)] as const,
  );
  return { classes: found, lines: Object.fromEntries(lines) };
}

function ourReport(run: string): { classes: Record<string, object>; lines: Record<string, number[]> } {
  const data = readExecutionData(readFileSync(join(run, "jacoco.exec")));
  const covered = readdirSync(classes)
    .flatMap((file): ClassCoverage[] => {
      const analysed = analyseClass(readFileSync(join(classes, file)));
      return analysed === undefined ? [] : [coverClass(analysed, data.get(analysed.id))];
    })
    .filter(({ methods }) => methods.length > 0);
  const lines: Record<string, number[]> = {};
  for (const [line, numbers] of covered.flatMap((one) => [...linesOf(one)])) {
    const { missedInstructions, coveredInstructions, missedBranches, coveredBranches } = numbers;
    const given = [missedInstructions, coveredInstructions, missedBranches, coveredBranches];
    lines[line] = (lines[line] ?? [0, 0, 0, 0]).map((sum, index) => sum + given[index]!);
  }
  const counters = covered.map((one) => {
    const { branch, ...rest } = countersOf(one);
    const hasBranches = branch.missed + branch.covered > 0;
    return [one.name, hasBranches ? { ...rest, branch } : rest] as const;
  });
  return { classes: Object.fromEntries(counters), lines };
}

describe("coverage without a JVM", () => {
  it.each(["00000000", "00000001", "00000002"])(
    "counts in run %s what JaCoCo counts, class by class and line by line",
    (name) => {
      const run = join(place.storage, name);
      const theirs = jacocosReport(run);
      expect(Object.keys(theirs.classes).length).toBeGreaterThan(8);
      expect(ourReport(run)).toEqual(theirs);
    },
  );
});

describe("nmz tools analyze", () => {
  it("counts execution patterns and names what only the failing run took", async () => {
    const { exitCode, stdout, stderr } = await place.nmz("tools", "analyze", "--classes", classes, "storage");
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).toContain("00000000   passed   1\n00000001   passed   2\n00000002   failed   2\n");
    expect(stdout).toMatch(/1\.00 +1 of 1 +0 of 2 +CoverageMix::sync2 line \d+, branch 1 of 2\n/);
    expect(stdout).not.toContain("CoverageMix::loops");
  });

  it("says what is missing", async () => {
    const elsewhere = await place.nmz("tools", "analyze", "--classes", place.materials, "storage");
    expect(elsewhere).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("no class file") });
    const without = await place.nmz("tools", "analyze", "storage");
    expect(without).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("--classes") });
  });
});
