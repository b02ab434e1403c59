import type { RunLine } from "../../../src/campaign/index.js";
import type { RunFailure } from "../../../src/verdict/index.js";

/** One line of a campaign, which passed unless told otherwise. */
export function runLine(run: number, given: Partial<RunLine> = {}): RunLine {
  return {
    ...{ run, arm: "fuzzed", seed: `seed${run}`, choice: undefined, startedAt: "2026-01-01T00:00:00.000Z" },
    ...{ durationMs: 1000, exitCode: 0, outcome: "pass", tests: undefined, suite: undefined, failures: [] },
    ...{ folder: undefined, error: undefined },
    ...given,
  };
}

export function failedLine(run: number, given: Partial<RunLine> = {}): RunLine {
  return runLine(run, { outcome: "fail", exitCode: 1, failures: [failure("boom")], ...given });
}

/** Failures with the same message are the same. */
export function failure(message: string, test?: string): RunFailure {
  const id = Buffer.from(message).toString("hex").padEnd(12, "0").slice(0, 12);
  return { test, title: message, signature: { id, message, frames: [] } };
}
