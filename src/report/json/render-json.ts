import type { ReportData } from "../data/index.js";

/** All that a report says but the timelines, which traces have; docs/report.md has the shape. */
export function renderJson(data: ReportData): string {
  return `${JSON.stringify(data, undefined, 2)}\n`;
}
