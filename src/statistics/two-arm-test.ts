/** How many pairs of runs there were, and what speaks against "both fail equally often". */
export interface TwoArmEvidence {
  readonly pairs: number;
  /** At most one campaign in 1/p without a difference ever shows so small a p, however often and whenever one looks. */
  readonly p: number;
}

/** Before the first pair each arm's rate is guessed at 1/2 by this much of a run; the paper's choice (its section 4). */
const priorFailures = 0.18;
const priorRuns = 2 * priorFailures;

/**
 * Do plain and fuzzed runs fail equally often? May be asked after every pair and stop the campaign by its answer, which no test
 * for a number of runs that was fixed beforehand allows. An E-process: each pair bets, at odds learned from the pairs before it,
 * that the arms differ; where they do not, its capital reaches 1/α with probability α at most (Ville). R. Turner, A. Ly, P. Grünwald,
 * "Generic E-variables for exact sequential k-sample tests that allow for optional stopping", 2022.
 */
export class TwoArmTest {
  readonly #failures = { plain: 0, fuzzed: 0 };
  #pairs = 0;
  #logCapital = 0;
  #highest = 0;

  /** One plain and one fuzzed run; which pairs with which must not depend on how they ended. */
  add(plainFailed: boolean, fuzzedFailed: boolean): void {
    const plain = this.#rate("plain");
    const fuzzed = this.#rate("fuzzed");
    const same = (plain + fuzzed) / 2;
    this.#logCapital += Math.log(likelihood(plain, plainFailed) / likelihood(same, plainFailed));
    this.#logCapital += Math.log(likelihood(fuzzed, fuzzedFailed) / likelihood(same, fuzzedFailed));
    this.#highest = Math.max(this.#highest, this.#logCapital);
    this.#pairs += 1;
    if (plainFailed) this.#failures.plain += 1;
    if (fuzzedFailed) this.#failures.fuzzed += 1;
  }

  get evidence(): TwoArmEvidence {
    return { pairs: this.#pairs, p: Math.exp(-this.#highest) };
  }

  #rate(arm: "plain" | "fuzzed"): number {
    return (this.#failures[arm] + priorFailures) / (this.#pairs + priorRuns);
  }
}

function likelihood(rate: number, failed: boolean): number {
  return failed ? rate : 1 - rate;
}
