import type { ReportData, ReportFailure } from "../data/index.js";
import { countWords, percentWords } from "../words/index.js";

/** GitHub shows ten errors and ten warnings of a step, and drops the others. */
const mostOfALevel = 10;

type Level = "error" | "warning";

/**
 * One line for each failure that GitHub shows at the job: an error where it is why the job fails, else a warning. The format is
 * the workflow commands' (`::error title=…::…`); what would end a line or a property is escaped as its toolkit does.
 */
export function renderAnnotations(data: ReportData): string {
  const shown: Record<Level, number> = { error: 0, warning: 0 };
  const lines = data.failures.flatMap((failure) => {
    const level = levelOf(failure, data);
    shown[level] += 1;
    if (shown[level] > mostOfALevel) return [];
    return [`::${level} title=${property(titleOf(failure))}::${text(messageOf(failure, data))}\n`];
  });
  return lines.join("");
}

function levelOf({ isNew }: ReportFailure, { outcome }: ReportData): Level {
  if (outcome?.exitCode === 0) return "warning";
  return outcome?.failOn === "new" && isNew === false ? "warning" : "error";
}

function titleOf({ tests }: ReportFailure): string {
  const [test = "the run itself", ...others] = tests;
  return others.length === 0 ? test : `${test} and ${countWords(others.length, "other test")}`;
}

function messageOf({ title, runs, examples, id }: ReportFailure, { fuzzed, plain }: ReportData): string {
  const of = fuzzed.rate.of + (plain?.rate.of ?? 0);
  const [example] = examples;
  const again = example?.replayCommand ?? example?.seedCommand;
  return [
    title,
    `in ${runs} of ${countWords(of, "run")} (${percentWords(of === 0 ? 0 : runs / of)}), signature ${id}`,
    ...(again === undefined ? [] : [`again: ${again}`]),
  ].join("\n");
}

function text(value: string): string {
  return value.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function property(value: string): string {
  return text(value).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
