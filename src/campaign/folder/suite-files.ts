import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { makeFolders, messageOf, NmzError } from "../../util/index.js";
import { writeWhole } from "./campaign-folder.js";

/** The version of suites/<id>.json. */
const suiteVersion = 1;

/** Names the set of tests that a run ran: 12 hexadecimal digits, the same for the same names in any order. */
export function suiteId(tests: readonly string[]): string {
  const names = [...new Set(tests)].sort();
  return createHash("sha256").update(JSON.stringify(names)).digest("hex").slice(0, 12);
}

/** Keeps the names once. Throws what the file system throws. */
export function storeSuite(folder: string, tests: readonly string[]): string {
  const id = suiteId(tests);
  const path = suitePath(folder, id);
  if (existsSync(path)) return id;
  makeFolders(join(folder, "suites"));
  const names = [...new Set(tests)].sort();
  writeWhole(path, `${JSON.stringify({ nmzSuite: suiteVersion, tests: names })}\n`);
  return id;
}

/** The names, sorted. Throws NMZ_CAMPAIGN_DAMAGED. */
export function readSuiteTests(folder: string, id: string): readonly string[] {
  const path = suitePath(folder, id);
  try {
    const { nmzSuite, tests } = JSON.parse(readFileSync(path, "utf8")) as {
      readonly nmzSuite: unknown;
      readonly tests: readonly string[];
    };
    if (nmzSuite !== suiteVersion || !Array.isArray(tests)) throw new Error("it lists no tests");
    return tests;
  } catch (error) {
    throw new NmzError("NMZ_CAMPAIGN_DAMAGED", `cannot read ${path}: ${messageOf(error)}`, {
      hint: "without it the rates of single tests are not known; the rest of the campaign is",
      cause: error,
    });
  }
}

function suitePath(folder: string, id: string): string {
  return join(folder, "suites", `${id}.json`);
}
