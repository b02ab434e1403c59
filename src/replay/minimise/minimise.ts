import { type RecordedDecision, shakes } from "../../record/index.js";
import { type Clock, systemClock } from "../../util/index.js";
import { deleteAllThatCanBe } from "./deletions.js";
import { type Comparison, compare, ratesOf } from "./measure.js";
import { Questions } from "./questions.js";
import { BudgetSpent, type Progress, Runner, type StoppedBy, type Trial } from "./runner.js";
import { simplify } from "./simplify.js";

export type { Progress, StoppedBy, Trial } from "./runner.js";

export interface MinimiseOptions {
  /** The record; what does not shake is left out. */
  readonly decisions: readonly RecordedDecision[];
  readonly trial: Trial;
  /** The cause is in the result with at least this probability. Default 0.95. */
  readonly confidence?: number;
  /** Default 500. */
  readonly maxRuns?: number;
  /** Default: no limit. */
  readonly maxTimeMs?: number;
  /** When it is aborted the answer is the best so far. */
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
  readonly onProgress?: (progress: Progress) => void;
}

export interface Minimised {
  /**
   * "minimal": nothing of it can be deleted. "reduced": the budget ended before. "unconfirmed": fresh runs do not bear it out.
   * "not-reproduced": the whole record does not fail clearly more often than no decisions at all.
   */
  readonly outcome: "minimal" | "reduced" | "unconfirmed" | "not-reproduced";
  readonly decisions: readonly RecordedDecision[];
  /** The whole record against nothing; undefined when not a single pair of runs could be made. */
  readonly record: Comparison | undefined;
  /** `decisions` against nothing, on fresh runs; undefined when there was no budget for them. */
  readonly confirmation: Comparison | undefined;
  /** How many decisions shook before. */
  readonly recorded: number;
  readonly runs: number;
  readonly stoppedBy: StoppedBy | undefined;
}

const leastMeasured = 10;
const mostMeasured = 40;
const looks = 3;
// Of results that fresh runs did not bear out: how many steps are taken back.
const mostStepsBack = 3;

/** Which few of the decisions make it fail. Rejects with what `trial` rejects with. */
export async function minimise(options: MinimiseOptions): Promise<Minimised> {
  const { confidence = 0.95, maxRuns = 500, onProgress = () => {} } = options;
  const decisions = options.decisions.filter(shakes);
  const runner = new Runner(options.trial, {
    maxRuns,
    maxTimeMs: options.maxTimeMs ?? Number.POSITIVE_INFINITY,
    clock: options.clock ?? systemClock,
    signal: options.signal,
  });
  const result = (partial: Pick<Minimised, "outcome"> & Partial<Minimised>): Minimised => ({
    decisions,
    record: undefined,
    confirmation: undefined,
    recorded: decisions.length,
    stoppedBy: undefined,
    ...partial,
    runs: runner.runs,
  });
  if (decisions.length === 0) return result({ outcome: "not-reproduced" });
  let record: Comparison;
  try {
    record = await compareClearly(runner, decisions, `all ${decisions.length} decisions`, {
      confidence,
      onProgress,
    });
  } catch (error) {
    return result({ outcome: "not-reproduced", stoppedBy: spentBy(error) });
  }
  const rates = ratesOf(record);
  if (!isClear(record, confidence) || rates === undefined)
    return result({ outcome: "not-reproduced", record });

  const recordRate = record.with.failures / record.with.trials;
  const questions = new Questions(runner, { ...rates, confidence, recordRate }, onProgress);
  // To confirm takes about as many runs as to see the difference in the first place.
  runner.reserve(2 * record.with.trials);
  let stoppedBy: StoppedBy | undefined;
  try {
    await simplify(await deleteAllThatCanBe(decisions, questions), questions);
  } catch (error) {
    stoppedBy = spentBy(error);
  }
  runner.reserve(0);
  const candidates = [decisions, ...questions.accepted].reverse().slice(0, 1 + mostStepsBack);
  const { best, confirmation } = await confirm(runner, candidates, confidence, onProgress);
  const isConfirmed = confirmation === undefined || isClear(confirmation, confidence);
  const isMinimal = stoppedBy === undefined && best === candidates[0] && confirmation !== undefined;
  const outcome = !isConfirmed ? "unconfirmed" : isMinimal ? "minimal" : "reduced";
  return result({
    outcome,
    decisions: [...best].sort((a, b) => a.atMs - b.atMs),
    record,
    confirmation,
    stoppedBy,
  });
}

/** Until the difference is clear, looking at 10, 20 and 40: three looks, so each may err a third as often. */
function compareClearly(
  runner: Runner,
  decisions: readonly RecordedDecision[],
  question: string,
  { confidence, onProgress }: { confidence: number; onProgress: (progress: Progress) => void },
): Promise<Comparison> {
  return compare(runner, decisions, {
    most: mostMeasured,
    question,
    onProgress,
    isEnough: (comparison) => {
      const { trials } = comparison.with;
      const isLook = trials === leastMeasured || trials === 2 * leastMeasured;
      return isLook && isClear(comparison, confidence) && ratesOf(comparison) !== undefined;
    },
  });
}

function isClear({ pValue }: Comparison, confidence: number): boolean {
  return pValue <= (1 - confidence) / looks;
}

/** The first of the candidates that fails on fresh runs; the first of all when none does. */
async function confirm(
  runner: Runner,
  candidates: readonly (readonly RecordedDecision[])[],
  confidence: number,
  onProgress: (progress: Progress) => void,
): Promise<{ best: readonly RecordedDecision[]; confirmation: Comparison | undefined }> {
  let first: Comparison | undefined;
  try {
    for (const best of candidates) {
      const question = `confirming ${best.length} ${best.length === 1 ? "decision" : "decisions"}`;
      const confirmation = await compareClearly(runner, best, question, { confidence, onProgress });
      if (isClear(confirmation, confidence)) return { best, confirmation };
      first ??= confirmation;
    }
  } catch (error) {
    spentBy(error);
  }
  return { best: candidates[0]!, confirmation: first };
}

function spentBy(error: unknown): StoppedBy {
  if (error instanceof BudgetSpent) return error.by;
  throw error;
}
