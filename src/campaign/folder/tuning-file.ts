import { readFileSync } from "node:fs";
import { join } from "node:path";
import { writeWhole } from "./campaign-folder.js";

/** The version of tuning.json. */
const tuningVersion = 1;

interface TuningFile {
  readonly nmzTuning: number;
  readonly lines: readonly string[];
}

const fileOf = (folder: string) => join(folder, "tuning.json");

/** What --tune chose so far, and why, in lines for people: `{"nmzTuning": 1, "lines": […]}`. */
export function storeTuning(folder: string, lines: readonly string[]): void {
  const file: TuningFile = { nmzTuning: tuningVersion, lines };
  writeWhole(fileOf(folder), `${JSON.stringify(file, undefined, 1)}\n`);
}

/** Empty where nothing was tuned, or the campaign has not come to an end yet. */
export function readTuning(folder: string): readonly string[] {
  try {
    const { nmzTuning, lines } = JSON.parse(readFileSync(fileOf(folder), "utf8")) as TuningFile;
    return nmzTuning === tuningVersion && Array.isArray(lines) ? lines.map(String) : [];
  } catch {
    return []; // it is told beside the result, and is no part of it
  }
}
