import { faultsInWords, type InspectorReport, summariseReports } from "../inspector/index.js";
import { type FaultRuleReport, idleRules, injectedFaults } from "../policy/index.js";
import type { RunPlan } from "./run-plan.js";

/** What the user reads at the end of a run: what was shaken, what could not be, and how to repeat it. */
export function summarise(
  plan: RunPlan,
  reports: readonly InspectorReport[],
  counts: {
    readonly events: number;
    readonly delayed: number;
    readonly faultRules: readonly FaultRuleReport[];
  },
): string[] {
  const { perInspector, faults: done, refusals } = summariseReports(reports);
  const faults = injectedFaults(done, counts.faultRules);
  const lines = [
    `seed ${plan.seed}: ${counts.events} events (${perInspector}), ` +
      `${counts.delayed} delayed. ${faultsInWords(faults)}`,
    ...refusals,
    ...idleRules(counts.faultRules),
  ];
  const asked = Number(
    Object.entries(plan.autopilot.explorePolicyParam).find(
      ([key]) => key.toLowerCase() === "faultactionprobability",
    )?.[1] ?? 0,
  );
  if (asked > 0 && Object.keys(faults).length === 0)
    lines.push(`faults were asked for (probability ${asked}) and none was injected`);
  return lines;
}
