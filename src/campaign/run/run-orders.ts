import { hashText, KeyedRandom } from "../../util/index.js";
import type { Arm, CampaignFile, RunLine } from "../format/index.js";

type Plan = Pick<CampaignFile, "seed" | "hasBaseline">;

/** The seed of one run: 64 bits as 16 hexadecimal digits, of the campaign's seed and the run's number. */
export function seedOfRun(campaignSeed: string, run: number): string {
  const { high, low } = hashText(`${campaignSeed}/run/${run}`);
  return [high, low].map((word) => word.toString(16).padStart(8, "0")).join("");
}

/**
 * With a baseline, runs 2k and 2k+1 are one plain and one fuzzed, in an order drawn from the campaign's seed: a machine that
 * gets slower hits both alike, and nothing that comes every second run hits one alone.
 */
export function armOfRun({ seed, hasBaseline }: Plan, run: number): Arm {
  if (!hasBaseline) return "fuzzed";
  const isPlainFirst = randomOf(seed, `pair/${Math.floor(run / 2)}`).next() < 0.5;
  return isPlainFirst === (run % 2 === 0) ? "plain" : "fuzzed";
}

/** Chance for what is chosen for one run. */
export function randomOf(campaignSeed: string, what: string): KeyedRandom {
  return new KeyedRandom(hashText(`${campaignSeed}/${what}`));
}

/** Numbers of runs to make: first those that are missing among the ones before, then the next. */
export class RunNumbers {
  readonly #missing: number[] = [];
  #next = 0;

  constructor(done: Iterable<Pick<RunLine, "run">>) {
    const numbers = new Set<number>();
    for (const { run } of done) numbers.add(run);
    for (let left = numbers.size; left > 0; this.#next++) {
      if (numbers.has(this.#next)) left -= 1;
      else this.#missing.push(this.#next);
    }
  }

  /** `end`: one behind the last; undefined: there is none. Returns undefined when none is left. */
  take(end: number | undefined): number | undefined {
    const missing = this.#missing[0];
    if (missing !== undefined && (end === undefined || missing < end)) return this.#missing.shift();
    return end === undefined || this.#next < end ? this.#next++ : undefined;
  }

  /** A run that was not finished is made by the next one who asks. */
  giveBack(run: number): void {
    this.#missing.unshift(run);
  }
}
