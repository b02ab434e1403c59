import type { InspectorReport } from "./inspector.js";

/** What reports of inspectors come to, for the lines at the end of a run. */
export interface ReportSummary {
  /** "ethernet 120, fs 4"; "no inspector" where there was none. */
  readonly perInspector: string;
  readonly events: number;
  /** By `faultName`. */
  readonly faults: Readonly<Record<string, number>>;
  /** A line per kind of refusal. */
  readonly refusals: readonly string[];
}

export function summariseReports(reports: readonly InspectorReport[]): ReportSummary {
  const sums = new Map<string, number>();
  for (const { inspector, events } of reports) sums.set(inspector, (sums.get(inspector) ?? 0) + events);
  return {
    perInspector: [...sums].map(([name, events]) => `${name} ${events}`).join(", ") || "no inspector",
    events: reports.reduce((sum, { events }) => sum + events, 0),
    faults: sumOf(reports.map(({ faults }) => faults)),
    refusals: reports.flatMap(({ inspector, refusals }) =>
      Object.entries(refusals).map(([reason, count]) => `${inspector}: ${reason} (${count} times)`),
    ),
  };
}

/** "Faults injected: 12 (drop 8, EIO 4)". */
export function faultsInWords(faults: Readonly<Record<string, number>>): string {
  const counts = Object.entries(faults).filter(([, count]) => count > 0);
  const total = counts.reduce((sum, [, count]) => sum + count, 0);
  const kinds = counts.map(([name, count]) => `${name} ${count}`).join(", ");
  return `Faults injected: ${total}${total === 0 ? "" : ` (${kinds})`}`;
}

function sumOf(tables: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const table of tables)
    for (const [name, count] of Object.entries(table)) sums[name] = (sums[name] ?? 0) + count;
  return sums;
}
