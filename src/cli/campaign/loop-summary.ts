import { relative } from "node:path";
import type { CampaignResult, FailureGroup, StopRule, StoredCampaign, Tuning } from "../../campaign/index.js";
import { exactInterval } from "../../statistics/index.js";
import { clockWords } from "../../util/index.js";
import {
  comparisonLines,
  countWords,
  firstFailureWords,
  intervalWords,
  percentWords,
  reasonWords,
} from "./loop-words.js";

export interface SummaryOptions {
  readonly campaign: StoredCampaign;
  readonly result: CampaignResult;
  /** Of --tune. */
  readonly tuning?: Tuning | undefined;
  readonly stop: StopRule;
  /** Of this session. */
  readonly durationMs: number;
  /** What repeats this run, as a shell takes it. */
  readonly repeatCommand: (run: number, seed: string, folder: string | undefined) => string;
  /** What goes on with the campaign. */
  readonly resumeCommand: string;
  readonly cwd: string;
  /** Further lines: of --tune, of what is known from earlier campaigns. */
  readonly notes: readonly string[];
}

const maxGroupsShown = 10;

/** The end of a campaign, in lines. */
export function summaryLines(options: SummaryOptions): string[] {
  const { campaign, result, stop, durationMs, notes, cwd } = options;
  const { tally, reason } = result;
  const arms = campaign.file.hasBaseline ? (["fuzzed", "plain"] as const) : (["fuzzed"] as const);
  const lines = [
    ...chosenLines(options.tuning),
    ...arms.map((arm) => armLine(result, arm, arms.length > 1, campaign.file.tune)),
  ];
  if (tally.comparison !== undefined) lines.push(...comparisonLines(tally.comparison));
  for (const arm of arms) {
    lines.push(`${arms.length > 1 ? `${arm}: ` : ""}${firstFailureWords(tally.arm(arm))}`);
  }
  lines.push(...groupLines(tally.failureGroups), ...notes);
  const examples = tally.failureGroups.flatMap((group) => group.examples);
  // The command shakes: it would not repeat a plain run.
  const first = examples.filter(({ arm }) => arm === "fuzzed").sort((a, b) => a.run - b.run)[0];
  if (first !== undefined) {
    lines.push(`repeat run ${first.run}: ${options.repeatCommand(first.run, first.seed, first.folder)}`);
  }
  lines.push(`stopped after ${clockWords(durationMs)}: ${reasonWords(reason, stop)}`);
  if (reason === "stopped" || reason === "broken") lines.push(`go on: ${options.resumeCommand}`);
  lines.push(`campaign: ${shownPath(campaign.folder, cwd)}`);
  return lines;
}

export function shownPath(folder: string, cwd: string): string {
  const path = relative(cwd, folder);
  return path === "" || path.startsWith("..") ? folder : path;
}

/** The answer of a campaign that tuned: runs of the search are no part of it. */
function chosenLines(tuning: Tuning | undefined): string[] {
  if (tuning?.chosen === undefined || tuning.since.runs === 0) return [];
  const { failures, runs } = tuning.since;
  return [
    `${tuning.chosen}, since --tune chose it: ${failures} of ${countWords(runs, "run")} failed: ${percentWords(failures / runs)} (95% interval ${intervalWords(exactInterval(failures, runs))})`,
  ];
}

function armLine(
  { tally }: CampaignResult,
  arm: "plain" | "fuzzed",
  isNamed: boolean,
  isTuned: boolean,
): string {
  const { runs, failures, rate, interval, timeouts, errors } = tally.arm(arm);
  const apart = [
    ...(timeouts > 0 ? [countWords(timeouts, "timeout")] : []),
    ...(errors > 0 ? [countWords(errors, "run that could not be made", "runs that could not be made")] : []),
  ].join(" and ");
  const said =
    rate === undefined
      ? "no run passed or failed"
      : `${failures} of ${countWords(runs, "run")} failed: ${percentWords(rate)} (95% interval ${intervalWords(interval)})`;
  const what = [...(isNamed ? [arm] : []), ...(isTuned && arm === "fuzzed" ? ["all that was tried"] : [])];
  return `${what.length > 0 ? `${what.join(", ")}: ` : ""}${said}${apart === "" ? "" : `; not counted: ${apart}`}`;
}

function groupLines(groups: readonly FailureGroup[]): string[] {
  if (groups.length === 0) return [];
  const rows = groups.slice(0, maxGroupsShown).map(({ runs, title, tests, firstRun, signature }) => {
    const [{ test } = { test: undefined }, ...others] = tests;
    const more = others.length === 0 ? "" : ` (and ${countWords(others.length, "other test")})`;
    const where = test === undefined ? "" : `${test}${more}: `;
    const count = String(runs.plain + runs.fuzzed).padStart(5);
    return `${count}  ${where}${title}  [${signature.id}, first in run ${firstRun}]`.replace(
      /\s*\n\s*/g,
      " ",
    );
  });
  const left = groups.length - rows.length;
  return [
    `failures, by the number of runs:`,
    ...rows,
    ...(left > 0 ? [`       and ${countWords(left, "more kind")}`] : []),
  ];
}
