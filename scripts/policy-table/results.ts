import { existsSync, readFileSync, writeFileSync } from "node:fs";

/** A line of the results: one run, and how it ended. */
export interface Result {
  readonly failure: string;
  readonly policy: string;
  readonly round: number;
  readonly seed: string;
  /** `other`: it failed, but not with the message that the failure is known by. `broken`: the run could not be made. */
  readonly result: "passed" | "failed" | "other" | "broken";
  readonly exitCode: number | null;
  readonly tookMs: number;
}

/** What is in the file so far; a last line that was cut off is left out, and taken off the file. */
export function readResults(file: string): Result[] {
  if (!existsSync(file)) return [];
  const text = readFileSync(file, "utf8");
  const whole = text.slice(0, text.lastIndexOf("\n") + 1);
  if (whole.length < text.length) writeFileSync(file, whole);
  return whole
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Result);
}
