import { readFileSync } from "node:fs";
import { join } from "node:path";

/** One action of a trace; see src/record/trace-writer.ts. */
export interface TraceLine {
  readonly class: string;
  readonly entity: string;
  readonly [key: string]: unknown;
}

/** The actions of the newest run below an `--nmz-out` folder, without the head line. */
export function latestTrace(outFolder: string): TraceLine[] {
  const text = readFileSync(join(outFolder, "latest", "trace.jsonl"), "utf8").trim();
  return text
    .split("\n")
    .slice(1)
    .map((line) => JSON.parse(line) as TraceLine);
}

export interface StoredRun {
  readonly exitCode: number;
  readonly warnings: readonly string[];
  readonly inspectors: readonly {
    readonly inspector: string;
    readonly entity: string;
    readonly events: number;
    readonly faults: Readonly<Record<string, number>>;
    readonly refusals: Readonly<Record<string, number>>;
    readonly details: Readonly<Record<string, number | string>>;
  }[];
}

export function latestRun(outFolder: string): StoredRun {
  return JSON.parse(readFileSync(join(outFolder, "latest", "run.json"), "utf8")) as StoredRun;
}
