import { randomBytes } from "node:crypto";
import type { Autopilot, LoadedAutopilot } from "../config/index.js";
import type { PolicyEntry } from "../policy/index.js";
import type { ShakenTest } from "../seeds/index.js";
import { type AutopilotWithPolicy, loadAutopilotWithPolicy } from "../user-policy/index.js";
import { newSeed } from "../util/index.js";
import { hotSeed, testOf, withHotSeed } from "./hot-seed.js";
import { refuseClockOffset } from "./refuse-clock-offset.js";
import type { InspectorName, RunRequest } from "./run-request.js";

/** A request with everything decided that needs no engine. */
export interface RunPlan {
  readonly request: RunRequest;
  readonly runId: string;
  readonly seed: string;
  readonly loaded: LoadedAutopilot;
  readonly autopilot: Autopilot;
  /** What `autopilot.explorePolicy` may name, the user's own policy included. */
  readonly policies: ReadonlyMap<string, PolicyEntry>;
  readonly inspectors: ReadonlySet<InspectorName>;
  /** The test that its outcome is counted for; undefined: it is not counted. */
  readonly test?: ShakenTest | undefined;
  /** Why this seed, where it was not the user who chose it. */
  readonly whySeed?: string;
}

/**
 * Throws what is wrong with the config, the policy and its parameters included, before anything is touched. `inBackground`
 * is for the process that supervises what another one has planned: the run has a name, and nobody reads its stderr.
 */
export async function planRun(
  request: RunRequest,
  inBackground?: { readonly runId: string; readonly logFile: string },
): Promise<RunPlan> {
  const runId = inBackground?.runId ?? randomBytes(6).toString("hex");
  const log = inBackground === undefined ? undefined : { file: inBackground.logFile, runId };
  const config = await loadAutopilotWithPolicy(request.autopilotFile, log);
  refuseClockOffset(config.loaded.autopilot);
  const planned = planWith(request, config, runId);
  const plan = { ...planned, test: testOf(planned) };
  return request.seed === hotSeed ? withHotSeed(plan) : plan;
}

/** The same for a config that is at hand. */
export function planWith(
  request: RunRequest,
  { loaded, policies }: AutopilotWithPolicy,
  runId = randomBytes(6).toString("hex"),
): RunPlan {
  const { autopilot } = loaded;
  const warnings = [...loaded.warnings, ...rulesOfDisabled(autopilot, request.disabled)];
  return {
    request,
    runId,
    seed: request.seed ?? newSeed(),
    loaded: { ...loaded, warnings },
    autopilot,
    policies,
    inspectors: chooseInspectors(autopilot, request.disabled),
  };
}

function chooseInspectors(
  autopilot: Autopilot,
  disabled: ReadonlySet<InspectorName>,
): ReadonlySet<InspectorName> {
  const { enableEthernetInspector, enableFSInspector, enableProcInspector } = autopilot.container;
  const chosen = new Set<InspectorName>();
  if (enableEthernetInspector) chosen.add("ethernet");
  if (enableFSInspector) chosen.add("fs");
  if (enableProcInspector) chosen.add("proc");
  for (const name of disabled) chosen.delete(name);
  return chosen;
}

const inspectorOf = { packets: "ethernet", files: "fs", processes: "proc" } as const;

const isEnabledBy = {
  ethernet: "enableEthernetInspector",
  fs: "enableFSInspector",
  proc: "enableProcInspector",
} as const;

/** Fault rules that the command line has left without events; what the config itself leaves out, its reader has said. */
function rulesOfDisabled({ faults, container }: Autopilot, disabled: ReadonlySet<InspectorName>): string[] {
  return faults.flatMap(({ fault, on }, index) => {
    const inspector = inspectorOf[on];
    if (!disabled.has(inspector) || !container[isEnabledBy[inspector]]) return [];
    return [`fault rule ${index + 1} (${fault}) can match nothing: --nmz-disable ${inspector}`];
  });
}
