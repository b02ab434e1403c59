import { lstatSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { messageOf, NmzError } from "../../util/index.js";
import { names, runFolder, runNumbers } from "./layout.js";
import { type ExperimentResult, readResult } from "./result-file.js";
import { isRunning, readRunState } from "./run-state.js";
import { decodeSearchModeInfo, encodeSearchModeInfo } from "./search-mode-info.js";

/** One run of a storage, as far as its folder tells. */
export interface StoredExperiment {
  readonly number: number;
  readonly folder: string;
  readonly state: "ended" | "running" | "interrupted";
  /** Of one that has ended. */
  readonly result: ExperimentResult | undefined;
  /** Why there is no result. */
  readonly problem: string | undefined;
}

/** Folders behind the last that may be gone; a counter far beyond them is damaged. */
const maxMissingRuns = 10_000;

/** True where `nmz init` has been: nothing else has these three. */
export function isStorage(folder: string): boolean {
  const kindOf = (name: string) => lstatSync(join(folder, name), { throwIfNoEntry: false });
  return (
    kindOf(names.config)?.isFile() === true &&
    kindOf(names.materials)?.isDirectory() === true &&
    kindOf(names.counter)?.isFile() === true
  );
}

/** How many runs were started. Throws NMZ_EXPERIMENT_STORAGE. */
export function readRunCount(storage: string): number {
  try {
    return decodeSearchModeInfo(readFileSync(join(storage, names.counter)));
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === "ENOENT";
    throw noStorage(storage, isMissing ? `it has no ${names.counter}` : messageOf(error), error);
  }
}

export function writeRunCount(storage: string, count: number): void {
  const file = join(storage, names.counter);
  const draft = `${file}.${process.pid}`; // several runs may begin at once
  writeFileSync(draft, encodeSearchModeInfo(count));
  renameSync(draft, file);
}

/** Throws NMZ_EXPERIMENT_STORAGE where there is none. */
export function requireStorage(storage: string): void {
  const stats = statSync(storage, { throwIfNoEntry: false });
  if (stats === undefined) throw noStorage(storage, "it does not exist");
  if (!stats.isDirectory()) throw noStorage(storage, "it is no folder");
  readRunCount(storage);
}

/**
 * The folder of a new run, and the count one up. A folder that a run left which was killed between the two is passed
 * over. Throws NMZ_EXPERIMENT_STORAGE and NMZ_EXPERIMENT_WRITE.
 */
export function addRun(storage: string): { readonly number: number; readonly folder: string } {
  for (let number = readRunCount(storage); ; number++) {
    const folder = runFolder(storage, number);
    try {
      mkdirSync(folder);
      writeRunCount(storage, Math.max(readRunCount(storage), number + 1));
      return { number, folder };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EEXIST") continue;
      throw new NmzError("NMZ_EXPERIMENT_WRITE", `cannot begin a run in "${storage}": ${messageOf(error)}`, {
        hint: "see whether the disk is full, and whose the storage is",
        cause: error,
      });
    }
  }
}

/** All runs that were started, in order. Throws NMZ_EXPERIMENT_STORAGE. */
export function listExperiments(storage: string): StoredExperiment[] {
  requireStorage(storage);
  const known = new Set(runNumbers(storage));
  const count = readRunCount(storage);
  let last = -1;
  for (const number of known) last = Math.max(last, number);
  if (count > last + maxMissingRuns) {
    throw noStorage(
      storage,
      `${names.counter} counts ${count} runs, and the last folder is that of run ${last}`,
    );
  }
  for (let number = 0; number < count; number++) known.add(number);
  return [...known].sort((a, b) => a - b).map((number) => readExperiment(storage, number));
}

function readExperiment(storage: string, number: number): StoredExperiment {
  const folder = runFolder(storage, number);
  const result = readResult(folder);
  if (!(result instanceof Error)) {
    return { number, folder, state: "ended", result, problem: undefined };
  }
  const state = readRunState(folder);
  const isAlive = state !== undefined && isRunning(state);
  return {
    number,
    folder,
    state: isAlive ? "running" : "interrupted",
    result: undefined,
    problem: result.message,
  };
}

function noStorage(storage: string, why: string, cause?: unknown): NmzError {
  return new NmzError("NMZ_EXPERIMENT_STORAGE", `"${storage}" is no storage of experiments: ${why}`, {
    hint: "make one with: nmz init CONFIG MATERIALS STORAGE",
    exitCode: 1,
    ...(cause === undefined ? {} : { cause }),
  });
}
