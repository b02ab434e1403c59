import { execFile } from "node:child_process";
import { type Measurement, median, rounds } from "./measurement.js";
import { repositoryRoot } from "./yardsticks.js";

const image = process.env["NMZC_BASE_IMAGE"] ?? "nmzc/base:latest";

/** Wall time of a command that must exit with 0, in milliseconds. */
function timeMs(command: string, args: readonly string[]): Promise<number> {
  const start = performance.now();
  return new Promise((resolve, reject) => {
    execFile(command, args, { timeout: 60_000 }, (error, _stdout, stderr) => {
      if (error !== null)
        reject(new Error(`${command} ${args.join(" ")}: ${stderr.trim() || error.message}`));
      else resolve(performance.now() - start);
    });
  });
}

const docker = () => timeMs("docker", ["run", "--rm", image, "true"]);
const nmzc = () =>
  timeMs(process.execPath, [`${repositoryRoot}dist/bin/nmzc.js`, "run", "--rm", image, "true"]);

export const runMeasurements: readonly Measurement[] = [
  {
    key: "run.overhead_ms",
    unit: "ms",
    what: "nmzc run --rm IMAGE true, minus docker run --rm IMAGE true; every inspector on",
    aim: { atMost: 150 },
    async measure() {
      // The first of each pays for cold caches and is not counted.
      await docker();
      await nmzc();
      const ours: number[] = [];
      const plain: number[] = [];
      for (let round = 0; round < rounds(21); round++) {
        ours.push(await nmzc());
        plain.push(await docker());
      }
      // The difference of the medians, because a container's start time has a long tail that is the engine's own.
      const runs = ours.map((ms, round) => ms - (plain[round] ?? 0));
      return { value: median(ours) - median(plain), runs };
    },
  },
];
