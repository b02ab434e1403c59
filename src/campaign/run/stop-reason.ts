import type { StopRule } from "../format/index.js";
import type { CampaignTally } from "../tally/index.js";

/** Why a campaign is over: its rule, the baseline's clear answer, the user, or an error because of which no run can be made. */
export type StopReason = "runs" | "failure" | "time" | "interval" | "difference" | "stopped" | "broken";

/** A baseline's answer is clear when chance alone would give it to one campaign in so many at most. */
export const clearP = 0.05;

/** Why no further run is made after what was seen, if anything is a reason. The number of runs is `RunNumbers`' affair. */
export function stopReason(
  rule: StopRule,
  tally: CampaignTally,
  elapsedMs: number,
  hasBaseline: boolean,
): StopReason | undefined {
  const { failures, interval, runs } = tally.arm("fuzzed");
  if (rule.untilFailure && failures + tally.arm("plain").failures > 0) return "failure";
  if (rule.forMs !== undefined && elapsedMs >= rule.forMs) return "time";
  if (
    rule.untilInterval !== undefined &&
    runs > 0 &&
    (interval.high - interval.low) / 2 <= rule.untilInterval
  ) {
    return "interval";
  }
  if (hasBaseline && tally.sequentialP <= clearP) return "difference";
  return undefined;
}

/** One behind the last run's number; undefined: no number of runs was given. */
export function endOfRuns({ runs }: StopRule, hasBaseline: boolean): number | undefined {
  return runs === undefined ? undefined : runs * (hasBaseline ? 2 : 1);
}
