import type { ReportData } from "../data/index.js";

/**
 * The result as NAME=value lines: what $GITHUB_OUTPUT and GitLab's reports:dotenv take. Each value is one line of numbers and
 * words of ours; nothing that a workload said is in it, because a name in there could set another variable.
 */
export function renderEnv({ fuzzed, failures, outcome }: ReportData): string {
  const { rate, timeouts, errors } = fuzzed;
  const share = (value: number) => String(Number(value.toPrecision(6)));
  const values: readonly (readonly [string, string | number])[] = [
    ["NMZ_RUNS", rate.of],
    ["NMZ_FAILURES", rate.failed],
    ["NMZ_RATE", rate.of === 0 ? "" : share(rate.rate)],
    ["NMZ_RATE_LOW", share(rate.low)],
    ["NMZ_RATE_HIGH", share(rate.high)],
    ["NMZ_TIMEOUTS", timeouts],
    ["NMZ_ERRORS", errors],
    ["NMZ_NEW_FAILURES", failures.filter(({ isNew }) => isNew).length],
    ["NMZ_EXIT_CODE", outcome?.exitCode ?? ""],
    ["NMZ_EXIT_REASON", outcome?.reason ?? ""],
  ];
  return values.map(([name, value]) => `${name}=${value}\n`).join("");
}
