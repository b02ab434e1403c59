import type { RunFile } from "../../record/index.js";
import { runName } from "../storage/index.js";
import type { ExperimentOrchestra } from "./open-experiment.js";
import type { ExperimentPlan } from "./plan-experiment.js";

/** How each script ended; missing: it was not run. */
export type ScriptCodes = { run?: number; validate?: number; clean?: number };

/** run.json of an experiment, by which `nmz explain` and the like read it as any other run: 1 where it failed. */
export function runFileOf(
  {
    plan,
    number,
    startedAt,
    request,
  }: {
    readonly plan: ExperimentPlan;
    readonly number: number;
    readonly startedAt: string;
    readonly request: { readonly storage: string };
  },
  { counts, faultRules, warnings }: ExperimentOrchestra,
  scripts: ScriptCodes,
  successful: boolean,
): Omit<RunFile, "nmzRun"> {
  const { autopilot, seed } = plan;
  return {
    runId: runName(number),
    seed,
    command: ["nmz", "run", request.storage],
    startedAt,
    endedAt: new Date().toISOString(),
    exitCode: successful ? 0 : 1,
    events: counts.events,
    delayed: counts.delayed,
    faultRules,
    scripts: { ...scripts },
    warnings,
    autopilot: { ...autopilot },
  };
}
