import { parseArgs } from "node:util";
import { programs } from "./programs.js";
import { ProgressBar } from "./progress-bar.js";
import { runProgram, type Way } from "./run-program.js";
import { closingTable, type Tallies } from "./table.js";

/** scripts/quickstart, once everything is built: runs each program in turn, plainly and shaken, and counts. */
const { values } = parseArgs({
  options: {
    runs: { type: "string", short: "n", default: "8" },
    only: { type: "string", multiple: true },
    json: { type: "boolean", default: false },
  },
});
const runs = Number(values.runs);
if (!Number.isInteger(runs) || runs < 1) {
  process.stderr.write(`scripts/quickstart: -n wants a number of runs, at least 1, not ${values.runs}\n`);
  process.exit(2);
}
const image = process.env["NMZC_FLAKY_IMAGE"] ?? "nmzc/flaky:latest";
const chosen = programs.filter(({ name }) => values.only === undefined || values.only.includes(name));
if (chosen.length === 0) {
  const names = programs.map(({ name }) => name).join(", ");
  process.stderr.write(
    `scripts/quickstart: no program is called ${values.only?.join(", ")}; there are ${names}\n`,
  );
  process.exit(2);
}

let isInterrupted = false;
// The run that is under way gets the signal too, cleans up and ends; then the table is printed.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => {
    isInterrupted = true;
  });
}

const start = performance.now();
const bar = new ProgressBar(process.stderr, chosen.length * runs * 2);
const rows = chosen.map((program) => {
  const tally = () => ({ failures: 0, runs: 0, broken: 0 });
  const tallies: Tallies = { docker: tally(), nmzc: tally() };
  return { name: program.name, what: program.what, program, tallies };
});
let firstBroken: string | undefined;
let done = 0;
for (const { program, tallies, name } of rows) {
  for (let round = 0; round < runs && !isInterrupted; round++) {
    for (const way of ["docker", "nmzc"] satisfies Way[]) {
      const { docker, nmzc } = tallies;
      bar.show(
        done,
        name,
        `failed: docker ${docker.failures}/${docker.runs}, nmzc ${nmzc.failures}/${nmzc.runs}`,
      );
      const { result, output } = await runProgram(way, image, program);
      done += 1;
      if (isInterrupted) break;
      const tally = tallies[way];
      if (result === "broken") {
        tally.broken += 1;
        firstBroken ??= `${way} run of ${name}:\n${output}`;
      } else {
        tally.runs += 1;
        if (result === "failed") tally.failures += 1;
      }
    }
  }
}
bar.end();

if (values.json) {
  process.stdout.write(`${JSON.stringify(rows.map(({ name, tallies }) => ({ name, ...tallies })))}\n`);
} else {
  const seconds = ((performance.now() - start) / 1000).toFixed(0);
  process.stdout.write(`${closingTable(rows)}\n\n${done} runs in turn, ${seconds} s\n`);
}
if (firstBroken !== undefined) {
  process.stderr.write(
    `\nruns that could not be made, and are not counted; the first was the ${firstBroken}\n`,
  );
}
process.exitCode = isInterrupted ? 130 : firstBroken === undefined ? 0 : 1;
