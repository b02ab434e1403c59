import { resolve } from "node:path";
import type { ExperimentSummary, TimeRange } from "../../../experiment/index.js";
import { percentDigits, timeWords } from "../../../util/index.js";
import { defineCommand } from "../../command/index.js";
import { type FormatDraft, formatSection } from "../policies/format-flag.js";

export const summary = defineCommand<FormatDraft>({
  name: "summary",
  summary: "Tell how the runs of a storage ended: how many failed, the rate with its interval, the times",
  usage: "[OPTIONS] STORAGE",
  notes: [
    "Runs that were interrupted, are under way or could not be made count nowhere. The interval is the exact one (Clopper and Pearson), 95 %. Times are those of result.json: the run script, without validate and clean.",
  ],
  sections: [formatSection],
  completes: "folder",
  isInterspersed: true,
  minArgs: 1,
  maxArgs: 1,
  newDraft: () => ({ format: "text" }),
  run: async ({ draft, args: [storage = ""], context: { cwd, stdout } }) => {
    const { summariseExperiments } = await import("../../../experiment/index.js");
    const found = summariseExperiments(resolve(cwd, storage));
    stdout.write(draft.format === "json" ? `${JSON.stringify(found, undefined, 2)}\n` : summaryText(found));
    return 0;
  },
});

const maxListed = 20;

/** The lines that a person reads. */
export function summaryText(found: ExperimentSummary): string {
  const { ended, running, interrupted, failures, rate, interval, times, failed } = found;
  const besides = [
    ...(interrupted > 0 ? [`${interrupted} without a result`] : []),
    ...(running > 0 ? [`${running} under way`] : []),
  ];
  const rows: (readonly [string, string])[] = [
    ["runs", `${ended}${besides.length === 0 ? "" : ` (and ${besides.join(", ")})`}`],
    ["failures", String(failures)],
  ];
  if (rate !== undefined) {
    rows.push([
      "rate",
      `${percent(rate)}, with 95 % from ${percent(interval.low)} to ${percent(interval.high)}`,
    ]);
  }
  for (const [title, range] of [
    ["time", times.all],
    ["  of failing", times.failing],
    ["  of passing", times.passing],
  ] as const) {
    if (range !== undefined) rows.push([title, rangeWords(range)]);
  }
  const list = failed.slice(0, maxListed).map((number) => number.toString(16).padStart(8, "0"));
  const more = failed.length > maxListed ? ` and ${failed.length - maxListed} more` : "";
  if (list.length > 0) rows.push(["failed", `${list.join(" ")}${more}`]);
  return rows.map(([title, text]) => `${title.padEnd(14)}${text}\n`).join("");
}

function percent(share: number): string {
  return `${percentDigits(share)} %`;
}

function rangeWords({ minMs, medianMs, maxMs }: TimeRange): string {
  return `min ${timeWords(minMs)}, median ${timeWords(medianMs)}, max ${timeWords(maxMs)}`;
}
