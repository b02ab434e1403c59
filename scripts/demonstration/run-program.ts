import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Program } from "./programs.js";

const root = fileURLToPath(new URL("../../../", import.meta.url));

export type Way = "docker" | "nmzc";

/** How one run went. `broken`: docker or nmzc itself failed, or the run took too long; that says nothing of the program. */
export interface Run {
  readonly result: "passed" | "failed" | "broken";
  readonly output: string;
  readonly tookMs: number;
}

const timeoutMs = 120_000;
/** Kept of a run's output: enough for what a test runner prints last. */
const keptCharacters = 20_000;

/** The command line of a run, for the shell and for people. */
export function commandLine(way: Way, image: string, program: Program): readonly string[] {
  const head =
    way === "docker"
      ? ["docker", "run"]
      : [
          process.execPath,
          `${root}dist/bin/nmzc.js`,
          "run",
          "--nmz-autopilot",
          `${root}${program.autopilot}`,
        ];
  return [...head, "--rm", ...program.options, image, ...program.command];
}

/** Runs a program once, to its end. Never rejects. */
export function runProgram(way: Way, image: string, program: Program): Promise<Run> {
  const [command = "", ...args] = commandLine(way, image, program);
  const start = performance.now();
  return new Promise((resolve) => {
    let output = "";
    const keep = (chunk: string) => {
      output = (output + chunk).slice(-keptCharacters);
    };
    const end = (result: Run["result"]) => resolve({ result, output, tookMs: performance.now() - start });
    const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"] });
    child.stdout.setEncoding("utf8").on("data", keep);
    child.stderr.setEncoding("utf8").on("data", keep);
    // SIGTERM, so that the container is removed on the way out.
    const timer = setTimeout(() => {
      keep(`\nstopped after ${timeoutMs / 1000} s\n`);
      child.kill("SIGTERM");
    }, timeoutMs);
    child.on("error", (error) => {
      clearTimeout(timer);
      keep(error.message);
      end("broken");
    });
    child.on("close", (code) => {
      clearTimeout(timer);
      // 125 to 127: nothing was run; above, or none: a signal.
      end(code === 0 ? "passed" : code !== null && code < 125 ? "failed" : "broken");
    });
  });
}
