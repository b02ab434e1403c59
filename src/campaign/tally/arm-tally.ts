import type { Interval } from "../../statistics/index.js";
import type { RunLine } from "../format/index.js";
import { rateInterval } from "./rate-interval.js";

/** When the first failure came. */
export interface FirstFailure {
  readonly run: number;
  readonly seed: string;
  /** How many runs of the arm it took, itself included. */
  readonly runs: number;
  /** How long these took together, one after another. */
  readonly durationMs: number;
}

/** The runs of one arm, or with one choice of --tune. */
export interface ArmSummary {
  /** That passed or failed: what the rate is of. */
  readonly runs: number;
  readonly failures: number;
  readonly timeouts: number;
  readonly errors: number;
  /** Of all that passed, failed or ran into their timeout, together. */
  readonly durationMs: number;
  /** Undefined without runs. */
  readonly rate: number | undefined;
  /** Of the rate, with 95 %. */
  readonly interval: Interval;
  /** Undefined: there was none in all these runs, in all this time. */
  readonly firstFailure: FirstFailure | undefined;
}

/** Counts the runs of one arm, in the order in which they ended. */
export class ArmTally {
  readonly #isLookedAt: boolean;
  #passes = 0;
  #failures = 0;
  #timeouts = 0;
  #errors = 0;
  #durationMs = 0;
  #firstFailure: FirstFailure | undefined;

  /** `isLookedAt`: the campaign stops when the rate's interval is narrow enough. */
  constructor(isLookedAt: boolean) {
    this.#isLookedAt = isLookedAt;
  }

  add({ outcome, durationMs, run, seed }: RunLine): void {
    if (outcome === "error") {
      this.#errors += 1;
      return;
    }
    this.#durationMs += durationMs;
    if (outcome === "timeout") this.#timeouts += 1;
    else if (outcome === "pass") this.#passes += 1;
    else {
      this.#failures += 1;
      this.#firstFailure ??= { run, seed, runs: this.#passes + 1, durationMs: this.#durationMs };
    }
  }

  get summary(): ArmSummary {
    const failures = this.#failures;
    const runs = this.#passes + failures;
    return {
      ...{ runs, failures, timeouts: this.#timeouts, errors: this.#errors, durationMs: this.#durationMs },
      rate: runs === 0 ? undefined : failures / runs,
      interval: rateInterval(failures, runs, this.#isLookedAt),
      firstFailure: this.#firstFailure,
    };
  }
}
