import { existsSync } from "node:fs";
import { listRuns, readDecisions, type StoredRun } from "../../record/index.js";
import type { KnownRun } from "./explain.js";

/** The runs of an `--nmz-out` folder that can be compared, and how many cannot, and why. */
export interface StorageRuns {
  readonly runs: readonly KnownRun[];
  /** Killed, so that nobody knows whether they failed. */
  readonly killed: number;
  readonly withoutTrace: number;
  /** What is wrong with runs that could not be read. */
  readonly unreadable: readonly unknown[];
  /** How many different commands were run. */
  readonly commands: number;
}

/** `isFailure` is told a run's exit code. Throws NMZ_RUN_MISSING. */
export function storageRuns(folder: string, isFailure: (exitCode: number) => boolean): StorageRuns {
  const unreadable: unknown[] = [];
  const stored = listRuns(folder, (error) => unreadable.push(error));
  const ended = stored.filter(({ result }) => result !== undefined);
  const traced = ended.filter(({ traceFile }) => existsSync(traceFile));
  return {
    runs: traced.map(({ traceFile, result }) => ({
      failed: isFailure(result!.exitCode),
      decisions: () => readDecisions(traceFile),
    })),
    killed: stored.length - ended.length,
    withoutTrace: ended.length - traced.length,
    unreadable,
    commands: new Set(traced.map(commandOf)).size,
  };
}

function commandOf({ result }: StoredRun): string {
  return JSON.stringify([result!["image"], result!.command]);
}
