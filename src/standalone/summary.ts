import { faultsInWords, type InspectorReport, summariseReports } from "../inspector/index.js";
import { idleRules, injectedFaults } from "../policy/index.js";
import type { Wire } from "./wire/index.js";

/** What the user reads at the end: what was shaken, what could not be, and how to repeat it. */
export function summarise(
  wire: Pick<Wire, "description" | "counts" | "notes" | "faultRules">,
  report: InspectorReport,
): string[] {
  const { perInspector, events, faults: done, refusals } = summariseReports([report]);
  const rules = wire.faultRules();
  const faults = injectedFaults(done, rules);
  const counts = wire.counts();
  const delayed = counts === undefined ? "" : `, ${counts.delayed} delayed`;
  const { unmount } = report.details;
  return [
    `${wire.description}: ${counts?.events ?? events} events (${perInspector})${delayed}. ${faultsInWords(faults)}`,
    ...wire.notes(),
    ...refusals,
    ...idleRules(rules),
    ...(unmount === undefined ? [] : [`${report.inspector}: ${unmount}`]),
  ];
}
