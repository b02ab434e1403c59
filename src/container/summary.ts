import type { InspectorReport } from "../inspector/index.js";
import type { RunPlan } from "./run-plan.js";

/** What the user reads at the end of a run: what was shaken, what could not be, and how to repeat it. */
export function summarise(
  plan: RunPlan,
  reports: readonly InspectorReport[],
  counts: { readonly events: number; readonly delayed: number },
): string[] {
  const lines: string[] = [];
  const perInspector = reportsByInspector(reports).map(([name, events]) => `${name} ${events}`);
  const faults = reports.reduce((sum, report) => sum + report.faults, 0);
  lines.push(
    `seed ${plan.seed}: ${counts.events} events (${perInspector.join(", ") || "no inspector"}), ` +
      `${counts.delayed} delayed, ${faults} faults injected`,
  );
  for (const report of reports) {
    for (const [reason, count] of Object.entries(report.refusals)) {
      lines.push(`${report.inspector}: ${reason} (${count} times)`);
    }
  }
  const asked = Number(
    Object.entries(plan.autopilot.explorePolicyParam).find(
      ([key]) => key.toLowerCase() === "faultactionprobability",
    )?.[1] ?? 0,
  );
  if (asked > 0 && faults === 0)
    lines.push(`faults were asked for (probability ${asked}) and none was injected`);
  return lines;
}

function reportsByInspector(reports: readonly InspectorReport[]): [string, number][] {
  const sums = new Map<string, number>();
  for (const report of reports) sums.set(report.inspector, (sums.get(report.inspector) ?? 0) + report.events);
  return [...sums];
}
