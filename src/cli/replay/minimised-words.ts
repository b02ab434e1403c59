import { readDecisions } from "../../record/index.js";
import { decisionWords, HumanOrdinals, type Minimised, scheduleWords } from "../../replay/index.js";
import { formatDurationMs } from "../../util/index.js";
import { intervalWords, rateWords } from "./rate-words.js";

// As one sentence more is not read.
const mostInSentence = 4;
const mostListed = 40;

export interface MinimisedWords {
  readonly sentence: string;
  readonly list: readonly string[];
}

/** Decisions in words, counted as in the record that they are from. */
export function minimisedWords({ decisions }: Minimised, traceFile: string): MinimisedWords {
  const ordinals = new HumanOrdinals(readDecisions(traceFile), decisions);
  const namesEntity = new Set(decisions.map(({ entity }) => entity)).size > 1;
  return {
    sentence: scheduleWords(decisions, ordinals),
    list: decisions.map((decision) => decisionWords(decision, { ordinals, namesEntity })),
  };
}

/** What a search found, line by line: which decisions, how often it fails with them and without, and how sure that is. */
export function minimisedLines(found: Minimised, words: MinimisedWords, elapsedMs: number): string[] {
  const { confirmation, record, decisions, recorded, runs } = found;
  const rates = confirmation === undefined ? [] : [fullRates(confirmation)];
  const spent = `${plural(runs, "run")} in ${formatDurationMs(Math.round(elapsedMs / 1000) * 1000)}`;
  return [
    ...(decisions.length <= mostInSentence
      ? [[words.sentence, ...rates].join(": ")]
      : [`${decisions.length} decisions: ${rates.join("")}`.trimEnd(), ...listed(words.list)]),
    ...(confirmation === undefined ? [] : [intervals(confirmation)]),
    ...(confirmation === undefined && record !== undefined
      ? [
          `the whole record: ${fullRates(record)}; what is left failed like it, and was not confirmed on fresh runs`,
        ]
      : []),
    `${decisions.length} of ${plural(recorded, "decision")} left after ${spent}: ${verdict(found)}`,
  ];
}

function verdict({ outcome, stoppedBy, decisions }: Minimised): string {
  const stopped = {
    runs: "the runs of --max-runs are spent, and fewer may do",
    time: "the time of --max-time is spent, and fewer may do",
    signal: "stopped before its end, and fewer may do",
  };
  const reason = stoppedBy === undefined ? undefined : stopped[stoppedBy];
  if (outcome === "unconfirmed")
    return `fresh runs do not bear it out${reason === undefined ? "" : `; ${reason}`}`;
  if (reason !== undefined) return reason;
  if (outcome === "reduced") return "what was smaller did not fail on fresh runs";
  return decisions.length === 1 ? "it alone is enough" : "none of them can be left out";
}

function fullRates({ with: withThem, without }: NonNullable<Minimised["record"]>): string {
  return `${rateWords(withThem)}; without: ${without.failures} of ${without.trials}`;
}

function intervals({ with: withThem, without }: NonNullable<Minimised["record"]>): string {
  return `95% intervals: ${intervalWords(withThem)}; without: ${intervalWords(without)}`;
}

function listed(all: readonly string[]): string[] {
  const shown = all.slice(0, mostListed).map((each) => `  ${each}`);
  return all.length <= mostListed ? shown : [...shown, `  and ${all.length - mostListed} more`];
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
