import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Measurement, median, rounds } from "./measurement.js";
import { repositoryRoot } from "./yardsticks.js";

const image = process.env["NMZC_BASE_IMAGE"] ?? "nmzc/base:latest";

/** Milliseconds per run of a campaign of so many, from the start of its first run: wall time, with all that lies between two runs. */
function perRunMs(runs: number): number {
  const folder = mkdtempSync(join(tmpdir(), "nmzc-bench-loop-"));
  try {
    const out = join(folder, "campaign");
    const words = ["loop", "-n", String(runs), "--out", out, image, "true"];
    execFileSync(process.execPath, [`${repositoryRoot}dist/bin/nmzc.js`, ...words], {
      timeout: 600_000,
      stdio: "pipe",
    });
    const starts = readFileSync(join(out, "runs.jsonl"), "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { readonly startedAt: string; readonly durationMs: number })
      .map(({ startedAt }) => Date.parse(startedAt));
    return (starts.at(-1)! - starts[0]!) / (starts.length - 1);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function dockerMs(): number {
  const start = performance.now();
  execFileSync("docker", ["run", "--rm", image, "true"], { timeout: 60_000, stdio: "pipe" });
  return performance.now() - start;
}

const runsOfCampaign = 11;

export const loopMeasurements: readonly Measurement[] = [
  {
    key: "loop.overhead_ms",
    unit: "ms",
    what: "a run of nmzc loop IMAGE true, all between two runs included, minus docker run --rm IMAGE true",
    // A fifth more than what run.overhead_ms may be.
    aim: { atMost: 180 },
    async measure() {
      dockerMs();
      const ours: number[] = [];
      const plain: number[] = [];
      for (let round = 0; round < rounds(3); round++) {
        ours.push(perRunMs(runsOfCampaign));
        for (let each = 0; each < 5; each++) plain.push(dockerMs());
      }
      return { value: median(ours) - median(plain), runs: ours.map((ms) => ms - median(plain)) };
    },
  },
];
