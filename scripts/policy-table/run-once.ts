import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Failure, plain } from "./failures.js";
import type { Result } from "./results.js";

const timeoutMs = 60_000;
const keptCharacters = 20_000;

/** The config of a policy for a failure, as TOML. */
export function configOf(failure: Failure, policy: string): string {
  const text = readFileSync(`examples/real-failures/policies/${policy}.toml`, "utf8");
  return failure.config === undefined ? text : `${text}\n${failure.config}`;
}

/** The command line of a run, without node and nmzc; `config` is a file, or none for the plain run. */
export function commandLine(failure: Failure, config: string | undefined, seed: string): readonly string[] {
  const shaking = config === undefined ? ["--nmz-disable", "ethernet,fs,proc"] : ["--nmz-autopilot", config];
  return [
    ...["run", "--rm", ...shaking, "--nmz-seed", seed],
    ...[...failure.options, failure.image, ...failure.command],
  ];
}

/** What a run's end says: 125 and more, or none, and nmzc or the engine could not do it. */
export function resultOf(failure: Failure, exitCode: number | null, output: string): Result["result"] {
  if (exitCode === 0) return "passed";
  if (exitCode === null || exitCode >= 125) return "broken";
  return failure.message.test(output) ? "failed" : "other";
}

export interface Run extends Pick<Result, "result" | "exitCode" | "tookMs"> {
  /** Its last characters. */
  readonly output: string;
}

/** Makes one run, to its end; its config is written into `folder`. Wants to be in the repository. */
export async function runOnce(failure: Failure, policy: string, seed: string, folder: string): Promise<Run> {
  let config: string | undefined;
  if (policy !== plain) {
    config = join(folder, `${failure.name}-${policy}.toml`);
    writeFileSync(config, configOf(failure, policy));
  }
  const start = performance.now();
  return await new Promise((resolve) => {
    let output = "";
    const keep = (chunk: string) => {
      output = (output + chunk).slice(-keptCharacters);
    };
    const child = spawn(process.execPath, ["dist/bin/nmzc.js", ...commandLine(failure, config, seed)], {
      stdio: ["ignore", "pipe", "pipe"],
      // Its failures are no news: they leave no seeds in the home of whoever measures.
      env: { ...process.env, XDG_STATE_HOME: folder },
    });
    child.stdout.setEncoding("utf8").on("data", keep);
    child.stderr.setEncoding("utf8").on("data", keep);
    // SIGTERM, so that the container is removed on the way out.
    const timer = setTimeout(() => child.kill("SIGTERM"), timeoutMs);
    const end = (exitCode: number | null) => {
      clearTimeout(timer);
      const tookMs = Math.round(performance.now() - start);
      resolve({ result: resultOf(failure, exitCode, output), exitCode, tookMs, output });
    };
    child.on("error", (error) => {
      keep(error.message);
      end(null);
    });
    child.on("close", end);
  });
}
