import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Failure, failures } from "./failures.js";
import { intoDocument } from "./into-document.js";
import { readResults } from "./results.js";
import { runOnce } from "./run-once.js";
import { keyOf, schedule } from "./schedule.js";
import { markdownTables } from "./table.js";

/** scripts/which-finds-what, once everything is built: makes the runs that are missing and prints the tables. */
const { values } = parseArgs({
  options: {
    runs: { type: "string", short: "n", default: "20" },
    budget: { type: "string" },
    only: { type: "string", multiple: true },
    seed: { type: "string", default: "1" },
    results: { type: "string", default: "docs/failures.jsonl" },
    into: { type: "string" },
    "print-only": { type: "boolean", default: false },
  },
});

function fail(message: string): never {
  process.stderr.write(`scripts/which-finds-what: ${message}\n`);
  process.exit(2);
}

const runs = Number(values.runs);
if (!Number.isInteger(runs) || runs < 1)
  fail(`--runs wants a number of runs, at least 1, not ${values.runs}`);
const budgetMinutes = values.budget === undefined ? Number.POSITIVE_INFINITY : Number(values.budget);
if (!(budgetMinutes > 0)) fail(`--budget wants minutes, more than 0, not ${values.budget}`);
const chosen = failures.filter(({ name }) => values.only === undefined || values.only.includes(name));
const unknown = values.only?.find((name) => !failures.some((failure) => failure.name === name));
if (unknown !== undefined) {
  fail(`no failure is called ${unknown}; there are ${failures.map(({ name }) => name).join(", ")}`);
}
if (values.into !== undefined && !existsSync(values.into)) fail(`there is no ${values.into}`);

let isInterrupted = false;
// The run that is under way gets the signal too and ends; then the tables are printed.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => {
    isInterrupted = true;
  });
}

const byName = new Map<string, Failure>(failures.map((failure) => [failure.name, failure]));
const endMs = performance.now() + 60_000 * budgetMinutes;
const { results: file, seed } = values;
if (!values["print-only"]) {
  // A run that was made is not made again, whatever --runs and --only are now.
  const folder = mkdtempSync(join(tmpdir(), "nmzc-which-finds-what-"));
  const made = new Set(readResults(file).map(keyOf));
  const missing = schedule(chosen, runs, seed).filter((run) => !made.has(keyOf(run)));
  for (const [index, run] of missing.entries()) {
    if (isInterrupted || performance.now() > endMs) break;
    const { output, ...ended } = await runOnce(byName.get(run.failure)!, run.policy, run.seed, folder);
    if (isInterrupted) break;
    appendFileSync(file, `${JSON.stringify({ ...run, ...ended })}\n`);
    process.stderr.write(
      `${index + 1}/${missing.length} round ${run.round + 1}: ${run.failure} ${run.policy}: ${ended.result} (${ended.tookMs} ms)\n`,
    );
    if (ended.result === "broken" || ended.result === "other") process.stderr.write(`${output.trimEnd()}\n`);
  }
  rmSync(folder, { recursive: true, force: true });
}

const tables = markdownTables(chosen, readResults(file));
process.stdout.write(`${tables}\n`);
if (values.into !== undefined) {
  writeFileSync(values.into, intoDocument(readFileSync(values.into, "utf8"), tables));
}
process.exitCode = isInterrupted ? 130 : 0;
