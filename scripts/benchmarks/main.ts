import { writeFileSync } from "node:fs";
import { availableParallelism, loadavg } from "node:os";
import { parseArgs } from "node:util";
import { loadMeasurements } from "./areas.js";
import { asJson, type Outcome, tableHead, tableLine } from "./report.js";

const { values } = parseArgs({
  options: { json: { type: "string" }, only: { type: "string", multiple: true }, quick: { type: "boolean" } },
});
if (values.quick === true) process.env["NMZ_BENCH_QUICK"] = "1";

const load = loadavg()[0] ?? 0;
if (load > availableParallelism() * 0.5) {
  process.stderr.write(
    `warning: the machine is busy (load ${load.toFixed(1)}): figures will be worse than they are\n`,
  );
}

let isIncomplete = false;
const all = await loadMeasurements((area, error) => {
  isIncomplete = true;
  process.stderr.write(`cannot load the measurements of ${area}: ${String(error)}\n`);
});
const only = values.only ?? [];
const chosen = all.filter(({ key }) => only.length === 0 || only.some((prefix) => key.startsWith(prefix)));
if (chosen.length === 0) {
  process.stderr.write(`no measurement begins with ${only.join(" or ")}; there are:\n`);
  for (const { key, what } of all) process.stderr.write(`  ${key.padEnd(30)}${what}\n`);
  process.exit(2);
}

process.stdout.write(`${tableHead}\n`);
const outcomes: Outcome[] = [];
for (const measurement of chosen) {
  let outcome: Outcome;
  try {
    outcome = { measurement, measured: await measurement.measure() };
  } catch (error) {
    isIncomplete = true;
    outcome = { measurement, error: error instanceof Error ? error.message : String(error) };
  }
  outcomes.push(outcome);
  process.stdout.write(`${tableLine(outcome)}\n`);
  // Written after each figure: hours of measuring are not lost to the last one.
  if (values.json !== undefined) writeFileSync(values.json, asJson(outcomes));
}
// A missed aim is a finding; a figure that could not be taken is a failure.
process.exit(isIncomplete ? 1 : 0);
