import type { FailureSignature, RunFailure } from "../verdict.js";

/** Failures with one signature. */
export interface FailureGroup {
  readonly signature: FailureSignature;
  /** Of the first one. */
  readonly title: string;
  /** In how many runs it came at least once. */
  readonly runs: number;
  /** The tests that failed like this, and in how many runs each; "" is the run as a whole. The most frequent first. */
  readonly tests: ReadonlyMap<string, number>;
  readonly firstRun: number;
  readonly lastRun: number;
  /** The first runs of it. */
  readonly exampleRuns: readonly number[];
}

/** More groups than a person reads; a test whose message is random would make one in each run. */
const maximumGroups = 1000;
const maximumTestsOfGroup = 200;
const maximumExamples = 5;

interface OpenGroup {
  readonly signature: FailureSignature;
  readonly title: string;
  runs: number;
  readonly tests: Map<string, number>;
  firstRun: number;
  lastRun: number;
  readonly exampleRuns: number[];
}

/** Groups the failures of a campaign by their signatures while it goes on; memory does not grow with the runs. */
export class FailureGroups {
  readonly #groups = new Map<string, OpenGroup>();
  #ungrouped = 0;

  /** The failures of one run. A run comes once; in any order. Returns the groups that it is the first run of. */
  add(run: number, failures: readonly RunFailure[]): FailureGroup[] {
    const fresh: OpenGroup[] = [];
    const touched = new Set<OpenGroup>();
    for (const failure of failures) {
      const known = this.#groups.get(failure.signature.id);
      const group = known ?? this.#open(run, failure);
      if (group === undefined) {
        this.#ungrouped++;
        continue;
      }
      if (known === undefined) fresh.push(group);
      if (!touched.has(group)) countRun(group, run);
      touched.add(group);
      countTest(group, failure.test ?? "");
    }
    return fresh.map(closed);
  }

  /** Failures that are in no group, because there are too many groups. */
  get ungrouped(): number {
    return this.#ungrouped;
  }

  /** The most frequent first; among equals, the one that came first. */
  groups(): FailureGroup[] {
    return [...this.#groups.values()].sort((a, b) => b.runs - a.runs || a.firstRun - b.firstRun).map(closed);
  }

  #open(run: number, { signature, title }: RunFailure): OpenGroup | undefined {
    if (this.#groups.size >= maximumGroups) return undefined;
    const group = {
      signature,
      title,
      runs: 0,
      tests: new Map(),
      firstRun: run,
      lastRun: run,
      exampleRuns: [],
    };
    this.#groups.set(signature.id, group);
    return group;
  }
}

function countRun(group: OpenGroup, run: number): void {
  group.runs++;
  group.firstRun = Math.min(group.firstRun, run);
  group.lastRun = Math.max(group.lastRun, run);
  group.exampleRuns.push(run);
  group.exampleRuns.sort((a, b) => a - b).splice(maximumExamples);
}

function countTest(group: OpenGroup, test: string): void {
  const known = group.tests.get(test);
  if (known !== undefined || group.tests.size < maximumTestsOfGroup) group.tests.set(test, (known ?? 0) + 1);
}

function closed(group: OpenGroup): FailureGroup {
  const tests = new Map([...group.tests].sort(([, a], [, b]) => b - a));
  return { ...group, tests, exampleRuns: [...group.exampleRuns] };
}
