import type { ReportData } from "../data/index.js";
import { verdictWords } from "../words/index.js";

/**
 * The result as NAME=value lines: what $GITHUB_OUTPUT and GitLab's reports:dotenv take. Each value is one line of numbers and
 * words of ours; nothing that a workload said is in it, because a name in there could set another variable.
 * GitLab sets these in later jobs, over what their authors wrote: no name may be one of ci/nmzc-ci's inputs. The rate is the
 * headline's: with --tune that of the runs since the choice.
 */
export function renderEnv(data: ReportData): string {
  const { fuzzed, outcome } = data;
  const { timeouts, errors } = fuzzed;
  const rate = verdictWords(data).of;
  const share = (value: number) => String(Number(value.toPrecision(6)));
  const values: readonly (readonly [string, string | number])[] = [
    ["NMZ_RUNS_COUNTED", rate.of],
    ["NMZ_FAILURES", rate.failed],
    ["NMZ_RATE", rate.of === 0 ? "" : share(rate.rate)],
    ["NMZ_RATE_LOW", share(rate.low)],
    ["NMZ_RATE_HIGH", share(rate.high)],
    ["NMZ_TIMEOUTS", timeouts],
    ["NMZ_ERRORS", errors],
    ["NMZ_NEW_FAILURES", outcome?.newFailures?.length ?? ""],
    ["NMZ_EXIT_CODE", outcome?.exitCode ?? ""],
    ["NMZ_EXIT_REASON", outcome?.reason ?? ""],
  ];
  return values.map(([name, value]) => `${name}=${value}\n`).join("");
}
