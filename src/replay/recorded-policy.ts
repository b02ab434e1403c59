import { statSync } from "node:fs";
import type { ImmediatePolicy, PolicyEntry } from "../policy/index.js";
import { readRun, readTrace } from "../record/index.js";
import { comesInOtherRuns } from "./other-runs.js";
import { replayPolicy } from "./replay-policy.js";

/**
 * `explorePolicy = "replay:PATH"`: the policy that a recorded run is. PATH is a run's folder, an `--nmz-out` folder (its
 * latest), or a trace. Throws NMZ_RUN_MISSING, NMZ_RUN_VERSION; what is wrong with the trace when the policy is made.
 */
export function recordedPolicy(name: string, path: string): PolicyEntry<ImmediatePolicy> {
  const isFile = statSync(path, { throwIfNoEntry: false })?.isFile() === true;
  if (isFile) return replayPolicy(name, () => readTrace(path));
  const run = readRun(path);
  return replayPolicy(name, () => readTrace(run.traceFile), { comesAgain: comesInOtherRuns(run) });
}
