import { type CampaignTally, type FailOn, failOnText, type Tuning } from "../../campaign/index.js";
import { exactInterval } from "../../statistics/index.js";
import type { EarlierFailures } from "../../verdict/index.js";
import { idsOf } from "./known-before.js";
import { countWords, intervalWords, percentWords } from "./loop-words.js";

/** What --fail-on makes of a campaign that came to its end. */
export interface ExitDecision {
  readonly exitCode: 0 | 1;
  /** One line without anything that a workload said: ids and numbers. */
  readonly reason: string;
  /** Signatures that no earlier campaign had. */
  readonly newFailures: readonly string[];
}

const mostIdsTold = 5;

/**
 * The exit code and why; `earlier` is what earlier campaigns failed with. With --tune the rate is that of the runs since the
 * choice, as everywhere: the search tries what fails seldom, and chose what was lucky.
 */
export function decideExit(
  failOn: FailOn,
  tally: CampaignTally,
  earlier: readonly EarlierFailures[],
  tuning?: Tuning,
): ExitDecision {
  const knownIds = idsOf(earlier);
  const ids = tally.failureGroups.map(({ signature }) => signature.id);
  const newFailures = ids.filter((id) => !knownIds.has(id));
  const decided = (isFailed: boolean, reason: string): ExitDecision => ({
    ...{ exitCode: isFailed ? 1 : 0, reason, newFailures },
  });
  const fuzzed = tally.arm("fuzzed");
  const plain = tally.arm("plain");
  const failed = fuzzed.failures + plain.failures;
  const runs = fuzzed.runs + plain.runs;
  const count =
    runs === 0
      ? "no run passed or failed"
      : `${failed === 0 ? "none" : failed} of ${countWords(runs, "run")} failed`;
  switch (failOn.kind) {
    case "any":
      return decided(failed > 0, count);
    case "never":
      return decided(false, failed === 0 ? count : `${count}, which is told and no more`);
    case "new":
      return failed === 0 ? decided(false, count) : decidedByNew(decided, tally, newFailures, ids.length);
    case "rate": {
      if (fuzzed.rate === undefined) return decided(false, "no run passed or failed: there is no rate");
      const isTuned = tuning?.chosen !== undefined && tuning.since.runs > 0;
      const { failures, runs: counted } = isTuned ? tuning.since : fuzzed;
      const interval = isTuned ? exactInterval(failures, counted) : fuzzed.interval;
      const { low, high } = interval;
      const since = isTuned ? ` since --tune chose ${tuning.chosen}` : "";
      const limit = failOnText(failOn).slice("rate>".length);
      const where =
        low > failOn.above ? "surely above" : high > failOn.above ? "not surely above" : "surely not above";
      return decided(
        low > failOn.above,
        `the rate is ${where} ${limit}: ${failures} of ${countWords(counted, "run")}${since}, ${percentWords(failures / counted)} (95% interval ${intervalWords(interval)})`,
      );
    }
  }
}

function decidedByNew(
  decided: (isFailed: boolean, reason: string) => ExitDecision,
  { leftOut }: CampaignTally,
  newFailures: readonly string[],
  total: number,
): ExitDecision {
  const all = countWords(total, "kind of failure", "kinds of failures");
  // More kinds than the tally holds are not looked up: nobody knows them.
  if (leftOut.failures > 0) return decided(true, `there are more than ${all}, too many to be known`);
  if (newFailures.length === 0) return decided(false, `${all}, each seen before`);
  const told = newFailures.slice(0, mostIdsTold).join(", ");
  const more = newFailures.length > mostIdsTold ? ` and ${newFailures.length - mostIdsTold} more` : "";
  return decided(
    true,
    `${newFailures.length} of ${all} ${newFailures.length === 1 ? "is" : "are"} new: ${told}${more}`,
  );
}
