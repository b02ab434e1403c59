import { readFileSync } from "node:fs";
import { join } from "node:path";
import { writeWhole } from "./campaign-folder.js";

/** The version of tuning.json. */
const tuningVersion = 2;

/** What --tune found out. */
export interface Tuning {
  /** While it searched, a timeout being a run that did not fail; what failed most often first. */
  readonly tried: readonly TriedChoice[];
  /** Undefined: the search goes on. */
  readonly chosen: string | undefined;
  /** Runs with the chosen one that ended after the choice and passed or failed: those before chose it for being lucky, too. */
  readonly since: { readonly failures: number; readonly runs: number };
}

export interface TriedChoice {
  readonly name: string;
  /** What it does, in a few words for people. */
  readonly meaning: string;
  readonly failures: number;
  readonly runs: number;
}

interface TuningFile extends Tuning {
  readonly nmzTuning: number;
}

const fileOf = (folder: string) => join(folder, "tuning.json");

/** What --tune chose so far, and what for. */
export function storeTuning(folder: string, tuning: Tuning): void {
  const file: TuningFile = { nmzTuning: tuningVersion, ...tuning };
  writeWhole(fileOf(folder), `${JSON.stringify(file, undefined, 1)}\n`);
}

/** Undefined where nothing was tuned, or the campaign has not come to an end yet. */
export function readTuning(folder: string): Tuning | undefined {
  try {
    const { nmzTuning, tried, chosen, since } = JSON.parse(
      readFileSync(fileOf(folder), "utf8"),
    ) as TuningFile;
    return nmzTuning === tuningVersion && Array.isArray(tried) ? { tried, chosen, since } : undefined;
  } catch {
    return undefined; // it is told beside the result, and is no part of it
  }
}
