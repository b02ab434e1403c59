import { exactInterval, type Interval } from "../../statistics/index.js";
import type { Arm, RunLine } from "../format/index.js";

/** How often one test ran and failed in one arm. */
export interface TestRate {
  readonly ran: number;
  readonly failed: number;
  /** Of the rate, with 95 %. */
  readonly interval: Interval;
}

/** One test of the suite. */
export interface TestSummary {
  readonly test: string;
  readonly arms: Readonly<Record<Arm, TestRate>>;
}

const maxSuites = 1000;
const maxTests = 20_000;

type Counts = { plain: number; fuzzed: number };

/** Rates of single tests, of runs that passed or failed: a run that was cut short tells of no test. */
export class TestRates {
  readonly #ran = new Map<string, Counts>();
  readonly #failed = new Map<string, Counts>();
  #leftOut = 0;
  #failuresLeftOut = 0;

  /** Failures that are not counted, because too many different tests failed. */
  get failuresLeftOut(): number {
    return this.#failuresLeftOut;
  }

  /** Runs whose tests are not counted, because too many runs had tests of their own. */
  get leftOut(): number {
    return this.#leftOut;
  }

  add({ arm, suite, outcome, failures }: RunLine): void {
    if (suite === undefined || (outcome !== "pass" && outcome !== "fail")) return;
    if (!count(this.#ran, suite, arm, maxSuites)) {
      this.#leftOut += 1;
      return;
    }
    const failed = new Set(failures.flatMap(({ test }) => (test === undefined ? [] : [test])));
    for (const test of failed) {
      if (!count(this.#failed, test, arm, maxTests)) this.#failuresLeftOut += 1;
    }
  }

  /**
   * All tests that ran, those that fail most often first; `testsOf` gives the names of a suite. Where failures were left out, a test
   * without any that was counted is not among them: whether it failed is not known. Throws what `testsOf` throws.
   */
  list(testsOf: (suite: string) => readonly string[]): readonly TestSummary[] {
    const ran = new Map<string, Counts>();
    for (const [suite, { plain, fuzzed }] of this.#ran) {
      for (const test of testsOf(suite)) {
        const before = ran.get(test) ?? { plain: 0, fuzzed: 0 };
        ran.set(test, { plain: before.plain + plain, fuzzed: before.fuzzed + fuzzed });
      }
    }
    const known = [...ran].filter(([test]) => this.#failuresLeftOut === 0 || this.#failed.has(test));
    const rows = known.map(([test, counts]) => {
      const failed = this.#failed.get(test) ?? { plain: 0, fuzzed: 0 };
      return {
        test,
        arms: { plain: rateOf(failed.plain, counts.plain), fuzzed: rateOf(failed.fuzzed, counts.fuzzed) },
      };
    });
    return rows.sort((a, b) => shareOf(b) - shareOf(a) || (a.test < b.test ? -1 : 1));
  }
}

function count(counts: Map<string, Counts>, key: string, arm: Arm, max: number): boolean {
  let entry = counts.get(key);
  if (entry === undefined) {
    if (counts.size >= max) return false;
    entry = { plain: 0, fuzzed: 0 };
    counts.set(key, entry);
  }
  entry[arm] += 1;
  return true;
}

function rateOf(failed: number, ran: number): TestRate {
  return { ran, failed, interval: exactInterval(Math.min(failed, ran), ran) };
}

function shareOf({ arms: { plain, fuzzed } }: TestSummary): number {
  return (plain.failed + fuzzed.failed) / Math.max(1, plain.ran + fuzzed.ran);
}
