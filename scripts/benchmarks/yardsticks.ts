import { execFile, execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The repository's root, seen from dist/scripts/benchmarks. */
export const repositoryRoot = fileURLToPath(new URL("../../../", import.meta.url));

const binaries = `${repositoryRoot}dist/bench-bin`;

/**
 * Compiles one C yardstick (scripts/benchmarks/c/<name>.c) if it is older than its source and returns the path of the
 * program. They are the practical limits that our figures are ratios of, so they are C, whatever we are.
 */
export function yardstick(name: string): string {
  mkdirSync(binaries, { recursive: true });
  const program = `${binaries}/${name}`;
  execFileSync(
    "make",
    ["--silent", "-C", `${repositoryRoot}scripts/benchmarks/c`, `OUT=${binaries}`, program],
    {
      stdio: ["ignore", "inherit", "inherit"],
    },
  );
  return program;
}

/**
 * Runs a yardstick to its end and gives its figures by name. `netns` names a network namespace (`ip netns`) to run it
 * in; each line of its output is "name value".
 */
export function runYardstick(
  name: string,
  args: readonly (string | number)[],
  options: { readonly netns?: string; readonly timeoutMs?: number } = {},
): Promise<Record<string, number>> {
  const words = [yardstick(name), ...args.map(String)];
  if (options.netns !== undefined) words.unshift("ip", "netns", "exec", options.netns);
  const [command = "", ...rest] = words;
  return new Promise((resolve, reject) => {
    execFile(command, rest, { timeout: options.timeoutMs ?? 120_000 }, (error, stdout, stderr) => {
      if (error !== null) reject(new Error(`${words.join(" ")}: ${stderr.trim() || error.message}`));
      else resolve(parseFigures(stdout));
    });
  });
}

/** "p50_us 45.7\nlost 0\n" → { p50_us: 45.7, lost: 0 } */
export function parseFigures(output: string): Record<string, number> {
  return Object.fromEntries(
    output.split("\n").flatMap((line) => {
      const [name, value] = line.split(" ");
      return name === undefined || value === undefined ? [] : [[name, Number(value)]];
    }),
  );
}
