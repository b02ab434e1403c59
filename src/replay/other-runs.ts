import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { listRuns, readDecisions, type StoredRun } from "../record/index.js";
import { type ComesAgain, eventName } from "./place/index.js";

// What comes in each run is in the newest ones too.
const mostRuns = 3;
const mostHints = 500_000;

/**
 * Which hints come in other runs of the same workload, in the folder that the run is in. Read at once; runs that cannot be
 * read say nothing.
 */
export function comesInOtherRuns(run: StoredRun): ComesAgain {
  const parent = dirname(run.folder);
  const isDerived = existsSync(join(parent, "trace.jsonl"));
  const hints = new Set<string>();
  for (const other of sameWorkload(run, isDerived ? dirname(parent) : parent)) {
    if (other.folder === run.folder || (isDerived && other.folder === parent)) continue;
    addHints(hints, other.traceFile);
  }
  return (entity, hint) => hints.has(`${entity}|${hint}`);
}

function sameWorkload({ result }: StoredRun, outDir: string): readonly StoredRun[] {
  if (result === undefined) return [];
  const workload = JSON.stringify([result.command, result["image"]]);
  try {
    return listRuns(outDir, () => {})
      .filter((other) => JSON.stringify([other.result?.command, other.result?.["image"]]) === workload)
      .slice(-mostRuns - 1);
  } catch {
    return [];
  }
}

function addHints(hints: Set<string>, traceFile: string): void {
  try {
    for (const { entity, hint, event } of readDecisions(traceFile)) {
      if (hints.size >= mostHints) return;
      if (eventName(event, hint) !== undefined) hints.add(`${entity}|${hint}`);
    }
  } catch {
    // A damaged neighbour is no reason not to replay this one.
  }
}
