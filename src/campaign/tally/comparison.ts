import { fisherExact, type OddsRatio, oddsRatio, TwoArmTest } from "../../statistics/index.js";
import type { RunLine } from "../format/index.js";
import type { ArmSummary } from "./arm-tally.js";

/** Plain and fuzzed runs beside each other. */
export interface ArmComparison {
  readonly plain: ArmSummary;
  readonly fuzzed: ArmSummary;
  /** Fisher's exact test, two-sided: right for a number of runs that was fixed beforehand. */
  readonly fisherP: number;
  /** Of failing when fuzzed against plain; its interval is exact. */
  readonly oddsRatio: OddsRatio;
  /** At any time: what `TwoArmTest` says, by which a campaign may stop early. */
  readonly sequentialP: number;
  readonly pairs: number;
}

export function compareArms(plain: ArmSummary, fuzzed: ArmSummary, pairs: RunPairs): ArmComparison {
  const table = {
    withFailed: fuzzed.failures,
    withPassed: fuzzed.runs - fuzzed.failures,
    withoutFailed: plain.failures,
    withoutPassed: plain.runs - plain.failures,
  };
  const { evidence } = pairs;
  return {
    ...{ plain, fuzzed, fisherP: fisherExact(table), oddsRatio: oddsRatio(table) },
    ...{ sequentialP: evidence.p, pairs: evidence.pairs },
  };
}

/**
 * Runs 2k and 2k+1 of a campaign with a baseline are one plain and one fuzzed. A pair of which one has neither passed nor
 * failed tells nothing.
 */
export class RunPairs {
  readonly #test = new TwoArmTest();
  /** Halves whose other half still runs; as many as there are runs at a time, or fewer. */
  readonly #halves = new Map<number, RunLine["outcome"]>();

  add({ run, arm, outcome }: RunLine): void {
    // A --resume makes it again.
    if (outcome === "error") return;
    const pair = Math.floor(run / 2);
    const other = this.#halves.get(pair);
    if (other === undefined) {
      this.#halves.set(pair, outcome);
      return;
    }
    this.#halves.delete(pair);
    if (!counts(outcome) || !counts(other)) return;
    const [plain, fuzzed] = arm === "plain" ? [outcome, other] : [other, outcome];
    this.#test.add(plain === "fail", fuzzed === "fail");
  }

  get evidence(): TwoArmTest["evidence"] {
    return this.#test.evidence;
  }
}

function counts(outcome: RunLine["outcome"]): boolean {
  return outcome === "pass" || outcome === "fail";
}
