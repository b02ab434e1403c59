import { randomBytes } from "node:crypto";
import { type Autopilot, defaultAutopilot, type LoadedAutopilot, loadAutopilot } from "../config/index.js";
import { policies } from "../policy/index.js";
import { newSeed } from "../util/index.js";
import type { InspectorName, RunRequest } from "./run-request.js";

/** A request with everything decided that needs no engine. */
export interface RunPlan {
  readonly request: RunRequest;
  readonly runId: string;
  readonly seed: string;
  readonly loaded: LoadedAutopilot;
  readonly autopilot: Autopilot;
  readonly inspectors: ReadonlySet<InspectorName>;
}

/** Throws what is wrong with the config, the policy's parameters included, before anything is touched. */
export function planRun(request: RunRequest): RunPlan {
  const loaded =
    request.autopilotFile === undefined
      ? defaultAutopilot(policies)
      : loadAutopilot(request.autopilotFile, policies);
  const { autopilot } = loaded;
  return {
    request,
    runId: randomBytes(6).toString("hex"),
    seed: request.seed ?? newSeed(),
    loaded,
    autopilot,
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
