import type { InspectorReport } from "./inspector.js";

/** What reports of inspectors come to, for the lines at the end of a run. */
export interface ReportSummary {
  /** "ethernet 120, fs 4"; "no inspector" where there was none. */
  readonly perInspector: string;
  readonly events: number;
  readonly faults: number;
  /** A line per kind of refusal. */
  readonly refusals: readonly string[];
}

export function summariseReports(reports: readonly InspectorReport[]): ReportSummary {
  const sums = new Map<string, number>();
  for (const { inspector, events } of reports) sums.set(inspector, (sums.get(inspector) ?? 0) + events);
  return {
    perInspector: [...sums].map(([name, events]) => `${name} ${events}`).join(", ") || "no inspector",
    events: reports.reduce((sum, { events }) => sum + events, 0),
    faults: reports.reduce((sum, { faults }) => sum + faults, 0),
    refusals: reports.flatMap(({ inspector, refusals }) =>
      Object.entries(refusals).map(([reason, count]) => `${inspector}: ${reason} (${count} times)`),
    ),
  };
}
