import { drawBeta } from "../../statistics/index.js";
import { KeyedRandom, type Random } from "../../util/index.js";
import type { Tuning } from "../folder/index.js";
import type { RunOutcomeKind } from "../format/index.js";
import type { Choice, Chooser } from "../run/chooser.js";
import type { TunedChoice } from "./choices.js";

interface Score {
  trials: number;
  failures: number;
}

/** Each choice is tried that often before one may win. */
const leastTrials = 2;
/** In so many draws the leader must be the best for the search to end early, with this share. */
const draws = 100;
const leastFailures = 3;
const sure = 0.95;
/** Who is second is tried as often as who leads (top-two Thompson sampling's β). */
const leaderShare = 0.5;

/**
 * Spends the first runs of a campaign on finding the choice that fails most often, and the others on that one: --tune. A bandit: top-two
 * Thompson sampling (D. Russo, "Simple Bayesian algorithms for best arm identification", COLT 2016), which tries what may yet be best and
 * leaves alone what is clearly not. A timeout is a run that did not fail. Nothing failed: the search goes on.
 */
export class Tuner implements Chooser {
  readonly #choices: readonly TunedChoice[];
  readonly #searchRuns: number;
  readonly #search: readonly Score[];
  /** Of runs that ended after the choice, and so had no part in it: those before picked the winner for being lucky, too. */
  readonly #since: Score = { trials: 0, failures: 0 };
  #searched = 0;
  #winner: number | undefined;

  /** `searchRuns`: how many runs the search has at most. */
  constructor(choices: readonly TunedChoice[], searchRuns: number) {
    this.#choices = choices;
    this.#searchRuns = Math.max(searchRuns, choices.length * leastTrials);
    this.#search = choices.map(() => ({ trials: 0, failures: 0 }));
  }

  next(random: Random): Choice {
    if (this.#winner !== undefined) return { name: this.#nameOf(this.#winner), why: "chosen" };
    const untried = this.#leastTried();
    if (untried !== undefined) return { name: this.#nameOf(untried), why: "tried too little" };
    return { name: this.#nameOf(this.#candidate(random)), why: "may be the best" };
  }

  learn(choice: string, outcome: RunOutcomeKind): void {
    // Of the rate since the choice timeouts are no part, as of no rate; in the search they are runs that did not fail.
    if (outcome === "error" || (outcome === "timeout" && this.#winner !== undefined)) return;
    const index = this.#choices.findIndex(({ name }) => name === choice);
    const score = this.#winner === undefined ? this.#search[index] : this.#since;
    // Several run at a time: one of the search that ends after the choice counts if it is of the winner, by which it was not chosen.
    if (score === undefined || (this.#winner !== undefined && index !== this.#winner)) return;
    score.trials += 1;
    if (outcome === "fail") score.failures += 1;
    if (this.#winner !== undefined) return;
    this.#searched += 1;
    this.#decide();
  }

  /** Undefined until something was tried. */
  get result(): Tuning | undefined {
    const tried = this.#search
      .map(({ failures, trials }, index) => {
        const { name, meaning } = this.#choices[index]!;
        return { name, meaning, failures, runs: trials };
      })
      .filter(({ runs }) => runs > 0)
      .sort((a, b) => b.failures / b.runs - a.failures / a.runs || b.runs - a.runs);
    if (tried.length === 0) return undefined;
    const { failures, trials: runs } = this.#since;
    return { tried, chosen: this.chosen, since: { failures, runs } };
  }

  summary(): readonly string[] {
    const { tried = [] } = this.result ?? {};
    const list = tried.map(({ name, failures, runs }) => `${name} ${failures} of ${runs}`).join(", ");
    if (list === "") return [];
    if (this.#winner === undefined) {
      return [`tuning over ${this.#searched} runs has not chosen yet: ${list}`];
    }
    const { name, meaning } = this.#choices[this.#winner]!;
    return [
      `tuning over ${this.#searched} runs chose ${name} (${meaning}), which failed most often: ${list}`,
    ];
  }

  /** The chosen one's name; undefined while the search goes on. */
  get chosen(): string | undefined {
    return this.#winner === undefined ? undefined : this.#nameOf(this.#winner);
  }

  #decide(): void {
    const isTimeUp = this.#searched >= this.#searchRuns;
    // Nobody is best when nobody failed.
    if (this.#leastTried() !== undefined || this.#search.every(({ failures }) => failures === 0)) return;
    const leader = this.#leader();
    if (isTimeUp || this.#isSure(leader)) this.#winner = leader;
  }

  #leastTried(): number | undefined {
    const least = Math.min(...this.#search.map(({ trials }) => trials));
    return least < leastTrials ? this.#search.findIndex(({ trials }) => trials === least) : undefined;
  }

  #leader(): number {
    return indexOfHighest(this.#search.map(({ failures, trials }) => (failures + 1) / (trials + 2)));
  }

  #candidate(random: Random): number {
    const first = indexOfHighest(this.#draw(random));
    if (random.next() < leaderShare) return first;
    for (let attempt = 0; attempt < 100; attempt++) {
      const second = indexOfHighest(this.#draw(random));
      if (second !== first) return second;
    }
    return first;
  }

  #isSure(leader: number): boolean {
    if (this.#search[leader]!.failures < leastFailures) return false;
    // Chance that depends on nothing but what was learned: a --resume decides as before.
    const random = new KeyedRandom({ high: this.#searched, low: leader });
    let wins = 0;
    for (let draw = 0; draw < draws; draw++) if (indexOfHighest(this.#draw(random)) === leader) wins += 1;
    return wins / draws >= sure;
  }

  #draw(random: Random): number[] {
    return this.#search.map(({ failures, trials }) => drawBeta(failures + 1, trials - failures + 1, random));
  }

  #nameOf(index: number): string {
    return this.#choices[index]!.name;
  }
}

function indexOfHighest(values: readonly number[]): number {
  return values.indexOf(Math.max(...values));
}
