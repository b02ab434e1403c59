import type { FailureSignature, RunFailure } from "../../verdict/index.js";
import type { Arm, RunLine } from "../format/index.js";

/** One run that failed so. */
export interface FailureExample {
  readonly run: number;
  readonly arm: Arm;
  readonly seed: string;
  readonly choice: string | undefined;
  readonly exitCode: number | undefined;
  /** Relative to the campaign's folder; undefined: not kept. */
  readonly folder: string | undefined;
}

/** Failures with one signature. */
export interface FailureGroup {
  readonly signature: FailureSignature;
  /** As the first of them told it. */
  readonly title: string;
  /** How many runs had it. */
  readonly runs: Readonly<Record<Arm, number>>;
  /** In how many runs each test failed so, the most frequent first; undefined is the run itself. */
  readonly tests: readonly { readonly test: string | undefined; readonly runs: number }[];
  readonly firstRun: number;
  readonly lastRun: number;
  /** The first ones, the kept before the others. */
  readonly examples: readonly FailureExample[];
}

const maxGroups = 1000;
const maxTestsOfGroup = 200;
const maxExamples = 5;

interface Group {
  readonly signature: FailureSignature;
  readonly title: string;
  readonly runs: { plain: number; fuzzed: number };
  readonly tests: Map<string | undefined, number>;
  firstRun: number;
  lastRun: number;
  readonly examples: FailureExample[];
}

/** Failures by signature. */
export class FailureGroups {
  readonly #groups = new Map<string, Group>();
  #leftOut = 0;

  /** Failures of more different signatures than a person would look at: counted, and no more. */
  get leftOut(): number {
    return this.#leftOut;
  }

  /** The most frequent first. */
  get list(): readonly FailureGroup[] {
    const size = ({ runs }: Group) => runs.plain + runs.fuzzed;
    return [...this.#groups.values()]
      .sort((a, b) => size(b) - size(a) || a.firstRun - b.firstRun)
      .map((group) => ({
        ...group,
        runs: { ...group.runs },
        examples: [...group.examples],
        tests: [...group.tests]
          .map(([test, runs]) => ({ test, runs }))
          .sort((a, b) => b.runs - a.runs || (a.test ?? "").localeCompare(b.test ?? "")),
      }));
  }

  /** Returns the failures that no run before had. */
  add(line: RunLine): readonly RunFailure[] {
    const seen = new Set<string>();
    const fresh: RunFailure[] = [];
    for (const failure of line.failures) {
      const { id } = failure.signature;
      let group = this.#groups.get(id);
      if (group === undefined) {
        if (this.#groups.size >= maxGroups) {
          this.#leftOut += 1;
          continue;
        }
        group = newGroup(failure, line.run);
        this.#groups.set(id, group);
        fresh.push(failure);
      }
      const tests = group.tests.get(failure.test);
      if (tests !== undefined || group.tests.size < maxTestsOfGroup) {
        group.tests.set(failure.test, (tests ?? 0) + 1);
      }
      if (!seen.has(id)) addRun(group, line);
      seen.add(id);
    }
    return fresh;
  }
}

function newGroup({ signature, title }: RunFailure, run: number): Group {
  const runs = { plain: 0, fuzzed: 0 };
  return { signature, title, runs, tests: new Map(), firstRun: run, lastRun: run, examples: [] };
}

function addRun(group: Group, { run, arm, seed, choice, exitCode, folder }: RunLine): void {
  group.runs[arm] += 1;
  group.firstRun = Math.min(group.firstRun, run);
  group.lastRun = Math.max(group.lastRun, run);
  const { examples } = group;
  if (examples.length === maxExamples) {
    const notKept = examples.findIndex((each) => each.folder === undefined);
    if (folder === undefined || notKept < 0) return;
    examples.splice(notKept, 1);
  }
  examples.push({ run, arm, seed, choice, exitCode, folder });
}
