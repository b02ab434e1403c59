import type { RecordedDecision } from "../../record/index.js";
import type { Clock } from "../../util/index.js";

/** Runs the workload once with these decisions and no others. */
export type Trial = (
  decisions: readonly RecordedDecision[],
  signal?: AbortSignal,
) => Promise<{ readonly failed: boolean }>;

export type StoppedBy = "runs" | "time" | "signal";

/** How far the search is; `failures` and `trials` are those of the question now asked. */
export interface Progress {
  readonly question: string;
  readonly failures: number;
  readonly trials: number;
  /** Undefined while it is being asked; "measured" where a rate was wanted, and neither yes nor no. */
  readonly answer?: "yes" | "no" | "measured";
  /** Of the whole search. */
  readonly runs: number;
}

export interface Budget {
  readonly maxRuns: number;
  readonly maxTimeMs: number;
  readonly clock: Clock;
  readonly signal: AbortSignal | undefined;
}

/** Thrown when no more trials may be made; whoever searches answers with the best so far. */
export class BudgetSpent extends Error {
  readonly by: StoppedBy;

  constructor(by: StoppedBy) {
    super(`no more trials: ${by}`);
    this.name = "BudgetSpent";
    this.by = by;
  }
}

/** Makes the trials and counts them. */
export class Runner {
  readonly #trial: Trial;
  readonly #budget: Budget;
  readonly #startMs: number;
  #reserved = 0;
  #runs = 0;

  constructor(trial: Trial, budget: Budget) {
    this.#trial = trial;
    this.#budget = budget;
    this.#startMs = budget.clock.nowMs();
  }

  get runs(): number {
    return this.#runs;
  }

  /** So many runs are kept for later, and the time that they will take. */
  reserve(runs: number): void {
    this.#reserved = runs;
  }

  /** Rejects with BudgetSpent, or with whatever the trial rejects with. */
  async fails(decisions: readonly RecordedDecision[]): Promise<boolean> {
    const spent = this.#spentBy();
    if (spent !== undefined) throw new BudgetSpent(spent);
    this.#runs += 1;
    const { signal } = this.#budget;
    const outcome = await this.#trial(decisions, signal).catch((error: unknown) => {
      if (signal?.aborted === true) throw new BudgetSpent("signal");
      throw error;
    });
    // A run that was interrupted says nothing about the decisions.
    if (this.#spentBy() === "signal") throw new BudgetSpent("signal");
    return outcome.failed;
  }

  #spentBy(): StoppedBy | undefined {
    const { maxRuns, maxTimeMs, clock, signal } = this.#budget;
    if (signal?.aborted === true) return "signal";
    if (this.#runs + this.#reserved >= maxRuns) return "runs";
    const spentMs = clock.nowMs() - this.#startMs;
    const reservedMs = this.#runs === 0 ? 0 : (this.#reserved * spentMs) / this.#runs;
    return spentMs + reservedMs >= maxTimeMs ? "time" : undefined;
  }
}
