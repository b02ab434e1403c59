import { statSync } from "node:fs";
import type { ImmediatePolicy, PolicyEntry } from "../policy/index.js";
import { readRun, readTrace } from "../record/index.js";
import { replayPolicy } from "./replay-policy.js";

/**
 * `explorePolicy = "replay:PATH"`: the policy that a recorded run is. PATH is a run's folder, an `--nmz-out` folder (its
 * latest), or a trace. Throws NMZ_RUN_MISSING, NMZ_RUN_VERSION; what is wrong with the trace when the policy is made.
 */
export function recordedPolicy(name: string, path: string): PolicyEntry<ImmediatePolicy> {
  const isFile = statSync(path, { throwIfNoEntry: false })?.isFile() === true;
  const file = isFile ? path : readRun(path).traceFile;
  return replayPolicy(name, () => readTrace(file));
}
