import type { RecordedDecision } from "../../record/index.js";
import { SequentialTest } from "../../statistics/index.js";
import { hashText } from "../../util/index.js";
import type { Progress, Runner } from "./runner.js";

export interface QuestionRules {
  readonly lowRate: number;
  readonly highRate: number;
  readonly confidence: number;
  /** How often the whole record failed, of one. */
  readonly recordRate: number;
}

// A wrong "no" keeps what could have been deleted; a later, finer question mends most of them.
const falseNo = 0.02;

// Of the record's rate.
const asOften = 0.85;

// Times what Wald's test takes on average: beyond, the rate lies between the two, and "no" keeps what was found.
const patience = 4;

/**
 * Asks whether lists of decisions fail as the whole record does. The k-th question may answer "yes" wrongly with
 * probability (1 − confidence) / (k (k + 1)); these add up to 1 − confidence, however many are asked.
 */
export class Questions {
  readonly #runner: Runner;
  readonly #rules: QuestionRules;
  readonly #onProgress: (progress: Progress) => void;
  readonly #answers = new Map<string, boolean>();
  readonly #accepted: (readonly RecordedDecision[])[] = [];
  #asked = 0;

  constructor(runner: Runner, rules: QuestionRules, onProgress: (progress: Progress) => void) {
    this.#runner = runner;
    this.#rules = rules;
    this.#onProgress = onProgress;
  }

  /** Whatever a question was answered with "yes" for, the last one last. */
  get accepted(): readonly (readonly RecordedDecision[])[] {
    return this.#accepted;
  }

  /** Rejects with BudgetSpent. */
  fails(decisions: readonly RecordedDecision[], question: string): Promise<boolean> {
    return this.#ask(decisions, question, 0);
  }

  /** Nearly as often as the whole record, and not only oftener than without. Rejects with BudgetSpent. */
  failsAsOften(decisions: readonly RecordedDecision[], question: string): Promise<boolean> {
    return this.#ask(decisions, question, asOften * this.#rules.recordRate);
  }

  async #ask(decisions: readonly RecordedDecision[], question: string, leastRate: number): Promise<boolean> {
    const { high, low } = hashText(JSON.stringify(decisions));
    const key = `${high}/${low}`;
    const known = this.#answers.get(key);
    if (known !== undefined) return known;
    const test = this.#newTest();
    while (test.answer === undefined) {
      test.add(await this.#runner.fails(decisions));
      this.#tell(question, test, leastRate);
    }
    const fails = isYes(test, leastRate);
    this.#answers.set(key, fails);
    if (fails) this.#accepted.push(decisions);
    return fails;
  }

  #newTest(): SequentialTest {
    this.#asked += 1;
    const { lowRate, highRate, confidence } = this.#rules;
    const falseYes = (1 - confidence) / (this.#asked * (this.#asked + 1));
    const options = { lowRate, highRate, falseHigh: falseYes, falseLow: falseNo };
    const { expectedTrials } = expectations(options);
    return new SequentialTest({ ...options, maxTrials: Math.ceil(patience * expectedTrials) });
  }

  #tell(question: string, test: SequentialTest, leastRate: number): void {
    const { answer, failures, trials } = test;
    const progress = { question, failures, trials, runs: this.#runner.runs };
    if (answer === undefined) this.#onProgress(progress);
    else this.#onProgress({ ...progress, answer: isYes(test, leastRate) ? "yes" : "no" });
  }
}

function isYes({ answer, failures, trials }: SequentialTest, leastRate: number): boolean {
  return answer === "high" && failures >= leastRate * trials;
}

function expectations(options: ConstructorParameters<typeof SequentialTest>[0]) {
  const test = new SequentialTest(options);
  return { expectedTrials: Math.max(test.expectedTrials("high"), test.expectedTrials("low")) };
}
