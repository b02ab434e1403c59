import type { RunFailure } from "../../verdict/index.js";
import type { Arm, RunLine, StopRule } from "../format/index.js";
import { type ArmSummary, ArmTally } from "./arm-tally.js";
import { type ArmComparison, compareArms, RunPairs } from "./comparison.js";
import { type FailureGroup, FailureGroups } from "./failure-groups.js";
import { TestRates, type TestSummary } from "./test-rates.js";

/** What a tally needs to know of a campaign's file. */
export interface TalliedCampaign {
  readonly hasBaseline: boolean;
  readonly stop?: Pick<StopRule, "untilInterval">;
}

/** All that is known of a campaign without looking at its runs again. */
export class CampaignTally {
  readonly #isLookedAt: boolean;
  readonly #arms: Readonly<Record<Arm, ArmTally>>;
  readonly #choices = new Map<string, ArmTally>();
  readonly #pairs: RunPairs | undefined;
  readonly #groups = new FailureGroups();
  readonly #tests = new TestRates();
  #ended = 0;

  constructor({ hasBaseline, stop }: TalliedCampaign) {
    this.#isLookedAt = stop?.untilInterval !== undefined;
    this.#arms = { plain: new ArmTally(this.#isLookedAt), fuzzed: new ArmTally(this.#isLookedAt) };
    if (hasBaseline) this.#pairs = new RunPairs();
  }

  /** Returns the failures that no run before had. */
  add(line: RunLine): readonly RunFailure[] {
    this.#ended += 1;
    this.#arms[line.arm].add(line);
    this.#pairs?.add(line);
    if (line.choice !== undefined) {
      const choice = this.#choices.get(line.choice) ?? new ArmTally(this.#isLookedAt);
      this.#choices.set(line.choice, choice);
      choice.add(line);
    }
    this.#tests.add(line);
    return line.outcome === "fail" ? this.#groups.add(line) : [];
  }

  /** Lines that were added, errors and timeouts among them. */
  get ended(): number {
    return this.#ended;
  }

  arm(arm: Arm): ArmSummary {
    return this.#arms[arm].summary;
  }

  /** Fuzzed runs by what --tune chose for them; empty without. */
  get choices(): ReadonlyMap<string, ArmSummary> {
    return new Map([...this.#choices].map(([name, tally]) => [name, tally.summary]));
  }

  /** Undefined without a baseline, and until both arms have a run. */
  get comparison(): ArmComparison | undefined {
    const plain = this.arm("plain");
    const fuzzed = this.arm("fuzzed");
    if (this.#pairs === undefined || plain.runs === 0 || fuzzed.runs === 0) return undefined;
    return compareArms(plain, fuzzed, this.#pairs);
  }

  /** What the campaign may be stopped early for: see TwoArmTest. 1 without a baseline. */
  get sequentialP(): number {
    return this.#pairs?.evidence.p ?? 1;
  }

  /** The most frequent first; a thousand at most. */
  get failureGroups(): readonly FailureGroup[] {
    return this.#groups.list;
  }

  /** What had no room: failures of ever new signatures, runs of ever new tests, failures of ever new tests. */
  get leftOut(): {
    readonly failures: number;
    readonly runsOfTests: number;
    readonly failuresOfTests: number;
  } {
    return {
      failures: this.#groups.leftOut,
      runsOfTests: this.#tests.leftOut,
      failuresOfTests: this.#tests.failuresLeftOut,
    };
  }

  /** Tests, those that fail most often first; `testsOf` is `readSuiteTests` of the campaign's folder. Throws what it throws. */
  tests(testsOf: (suite: string) => readonly string[]): readonly TestSummary[] {
    return this.#tests.list(testsOf);
  }
}
