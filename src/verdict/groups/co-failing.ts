import { hashText } from "../../util/index.js";

/** Tests that fail together. */
export interface CoFailingGroup {
  /** Two or more; the one that failed in most runs first. */
  readonly tests: readonly string[];
  /** Runs in which all of them failed. */
  readonly together: number;
  /** Runs in which at least one of them failed. */
  readonly any: number;
}

/** Runs that failed are a sample of at most so many, tests the first so many that failed: 1 MiB in all. */
const maximumRuns = 4096;
const maximumTests = 1024;
/** Of the runs in which one of two tests failed, both did in this share. */
const minimumJaccard = 0.6;
/** Chi-squared with one degree of freedom exceeds this by chance in one of a thousand pairs. */
const minimumChiSquared = 10.83;

/** The failing runs of the tests with this set of runs. */
interface SameRuns {
  readonly tests: string[];
  readonly runs: Uint32Array;
  readonly count: number;
}

/**
 * Finds the tests that fail together, while a campaign goes on. Two do if at least 60 % of the runs in which one failed are
 * runs in which both did, if that were rare by chance among as many runs (chi-squared), and if it happened twice. Groups are what is so connected.
 * Memory does not grow with the runs: past 4,096 failed ones a random sample of them is kept, the same for the same runs.
 */
export class CoFailing {
  readonly #tests = new Map<string, number>();
  readonly #samples: (readonly number[])[] = [];
  #runs = 0;
  #failedRuns = 0;

  /** The tests that failed in one run; none: it passed. */
  add(failedTests: Iterable<string>): void {
    this.#runs++;
    const tests = new Set<number>();
    for (const test of failedTests) {
      const number = this.#numberOf(test);
      if (number !== undefined) tests.add(number);
    }
    if (tests.size === 0) return;
    const place = this.#place(this.#failedRuns++);
    if (place !== undefined) this.#samples[place] = [...tests];
  }

  /** The largest first. */
  groups(): CoFailingGroup[] {
    const kinds = this.#kinds();
    // What was thrown away of the failed runs is thrown away of the passed ones, to keep the rates.
    const share = this.#samples.length / Math.max(1, this.#failedRuns);
    const runs = this.#samples.length + Math.round((this.#runs - this.#failedRuns) * share);
    const groups: CoFailingGroup[] = [];
    const taken = new Set<SameRuns>();
    for (const kind of kinds) {
      if (taken.has(kind)) continue;
      const members = connected(kind, kinds, taken, runs);
      if (members.reduce((sum, { tests }) => sum + tests.length, 0) >= 2) groups.push(groupOf(members));
    }
    return groups.sort((a, b) => b.tests.length - a.tests.length || b.together - a.together);
  }

  #numberOf(test: string): number | undefined {
    const known = this.#tests.get(test);
    if (known !== undefined || this.#tests.size >= maximumTests) return known;
    const number = this.#tests.size;
    this.#tests.set(test, number);
    return number;
  }

  /** Reservoir sampling (Vitter's algorithm R), with a hash of the run's number as its chance. */
  #place(failedRun: number): number | undefined {
    if (failedRun < maximumRuns) return failedRun;
    const place = hashText(String(failedRun)).high % (failedRun + 1);
    return place < maximumRuns ? place : undefined;
  }

  /** Tests that failed in exactly the same runs, at least two, are one kind: most groups are just that. */
  #kinds(): SameRuns[] {
    const words = Math.ceil(this.#samples.length / 32);
    const runsOf = [...this.#tests.keys()].map(() => new Uint32Array(words));
    this.#samples.forEach((tests, run) => {
      for (const test of tests) {
        const runs = runsOf[test];
        if (runs !== undefined) runs[run >>> 5] = (runs[run >>> 5] ?? 0) | (1 << (run & 31));
      }
    });
    const kinds = new Map<string, SameRuns>();
    for (const [test, number] of this.#tests) {
      const runs = runsOf[number] ?? new Uint32Array(words);
      const count = ones(runs, runs, (a) => a);
      const key = runs.join();
      const known = kinds.get(key);
      if (known !== undefined) known.tests.push(test);
      else if (count >= 2) kinds.set(key, { tests: [test], runs, count });
    }
    return [...kinds.values()].sort((a, b) => b.count - a.count);
  }
}

function connected(
  start: SameRuns,
  kinds: readonly SameRuns[],
  taken: Set<SameRuns>,
  runs: number,
): SameRuns[] {
  const members = [start];
  taken.add(start);
  for (const member of members) {
    for (const other of kinds) {
      if (taken.has(other) || !failTogether(member, other, runs)) continue;
      taken.add(other);
      members.push(other);
    }
  }
  return members;
}

function failTogether(a: SameRuns, b: SameRuns, runs: number): boolean {
  // No pair of counts this far apart reaches the share.
  if (Math.min(a.count, b.count) < minimumJaccard * Math.max(a.count, b.count)) return false;
  const both = ones(a.runs, b.runs, (x, y) => x & y);
  if (both < 2 || both < minimumJaccard * (a.count + b.count - both)) return false;
  const spread = a.count * (runs - a.count) * b.count * (runs - b.count);
  return spread > 0 && (runs * (runs * both - a.count * b.count) ** 2) / spread >= minimumChiSquared;
}

function groupOf(members: readonly SameRuns[]): CoFailingGroup {
  const all = new Uint32Array(members[0]?.runs ?? []);
  const any = new Uint32Array(all.length);
  for (const { runs } of members) {
    for (let i = 0; i < all.length; i++) {
      all[i] = (all[i] ?? 0) & (runs[i] ?? 0);
      any[i] = (any[i] ?? 0) | (runs[i] ?? 0);
    }
  }
  const tests = [...members].sort((a, b) => b.count - a.count).flatMap((member) => member.tests);
  return { tests, together: ones(all, all, (x) => x), any: ones(any, any, (x) => x) };
}

/** How many bits are set in what `of` makes of the words. */
function ones(a: Uint32Array, b: Uint32Array, of: (x: number, y: number) => number): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) {
    let word = of(a[i] ?? 0, b[i] ?? 0);
    word -= (word >>> 1) & 0x55555555;
    word = (word & 0x33333333) + ((word >>> 2) & 0x33333333);
    sum += Math.imul((word + (word >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
  }
  return sum;
}
