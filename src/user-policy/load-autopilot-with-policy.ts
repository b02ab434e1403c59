import { dirname, resolve } from "node:path";
import { defaultAutopilot, type LoadedAutopilot, readAutopilot } from "../config/index.js";
import { type PolicyEntry, policies } from "../policy/index.js";
import { NmzError } from "../util/index.js";
import { type RunLog, watched } from "./endless-loop-watch.js";
import { isPolicyPath, loadPolicy } from "./load-policy.js";

export interface AutopilotWithPolicy {
  readonly loaded: LoadedAutopilot;
  /** What `explorePolicy` may name: the built-in ones, and the user's own under the path that the config gives. */
  readonly policies: ReadonlyMap<string, PolicyEntry>;
}

/**
 * An autopilot with whichever policy it names, ready for `openOrchestrator`; without a file, what `nmzc run` does then.
 * The path of a policy is relative to the config file. `log` is for a policy that has to be ended. Throws what `loadAutopilot` and `loadPolicy` throw, the latter
 * with the config's line.
 */
export async function loadAutopilotWithPolicy(
  file: string | undefined,
  log?: RunLog,
): Promise<AutopilotWithPolicy> {
  if (file === undefined) return { loaded: defaultAutopilot(policies), policies };
  const read = readAutopilot(file);
  const path = read.explorePolicy;
  if (path === undefined || !isPolicyPath(path)) return { loaded: read.check(policies), policies };
  const where = `${file}:${read.lineOf("explorePolicy")}`;
  const entry = await loadPolicy(path, resolve(dirname(file))).catch((error: unknown) => {
    throw error instanceof NmzError ? atLine(error, where) : error;
  });
  const known = new Map<string, PolicyEntry>([...policies, [path, watched(entry, log)]]);
  return { loaded: read.check(known), policies: known };
}

function atLine(error: NmzError, where: string): NmzError {
  const { code, message, hint, exitCode } = error;
  return new NmzError(code, `${where}: explorePolicy: ${message}`, {
    exitCode,
    ...(hint === undefined ? {} : { hint }),
    cause: error,
  });
}
