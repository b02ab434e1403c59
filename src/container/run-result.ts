import type { InspectorReport } from "../inspector/index.js";
import type { FaultRuleReport } from "../policy/index.js";
import type { RunPlan } from "./run-plan.js";

/** `run.json` of a run's folder: what was run, how it was shaken, how it ended. */
export interface RunResult {
  readonly runId: string;
  readonly seed: string;
  readonly image: string;
  readonly command: readonly string[];
  readonly containerId: string;
  readonly startedAt: string;
  readonly endedAt: string;
  /** The workload's, or nmzc's own 125–127. */
  readonly exitCode: number;
  readonly events: number;
  readonly delayed: number;
  readonly inspectors: readonly InspectorReport[];
  /** Faults injected, by kind. */
  readonly faults: Readonly<Record<string, number>>;
  readonly faultRules: readonly FaultRuleReport[];
  readonly warnings: readonly string[];
  /** The effective config. */
  readonly autopilot: RunPlan["autopilot"];
  /** The request as data: what `nmzc replay` runs again. The environment is in it. */
  readonly repeat: { readonly kind: string; readonly request: object };
}
