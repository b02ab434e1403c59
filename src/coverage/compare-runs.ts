import { createHash } from "node:crypto";
import { type Contingency, ochiai } from "../statistics/index.js";
import { type AnalysedClass, coverClass } from "./class-coverage.js";
import type { InstructionNode } from "./jacoco/instruction-node.js";
import type { ClassExecution } from "./jacoco/read-execution-data.js";

/** What one run executed: the data of each process or node that left some, in an order that is the same for all runs. */
export interface RunExecution {
  readonly failed: boolean;
  readonly parts: readonly ReadonlyMap<string, ClassExecution>[];
}

/** A line that was executed, or a branch that was taken, and in how many runs of each kind. */
export interface Suspect {
  /** "org.example.Queue". */
  readonly className: string;
  readonly method: string;
  readonly firstLine: number;
  readonly lastLine: number;
  /** Undefined: whole lines. Branches are counted from 1 over a line, in the order of the code. */
  readonly branch: { readonly number: number; readonly of: number } | undefined;
  readonly failed: number;
  readonly passed: number;
  /** How well it goes with failing, 0 to 1: Ochiai's coefficient. */
  readonly score: number;
}

interface Place {
  readonly className: string;
  readonly method: string;
  readonly line: number;
  readonly branch: Suspect["branch"];
  failed: number;
  passed: number;
}

/**
 * Compares what runs executed, one run after another: how many different patterns there were (the same lines in the same
 * parts are one), and which lines and branches go with failing. Memory grows with the classes and with different executions
 * of each, and not with runs.
 */
export class RunComparison {
  readonly #classes: readonly AnalysedClass[];
  /** By class and probes: the places that they cover. Runs mostly execute a class in one of a few ways. */
  readonly #known = new Map<string, readonly number[]>();
  readonly #placesOf = new Map<string, Map<string, number>>();
  readonly #places: Place[] = [];
  readonly #patterns = new Set<string>();
  #failed = 0;
  #passed = 0;

  constructor(classes: readonly AnalysedClass[]) {
    this.#classes = classes;
  }

  get runs(): { readonly failed: number; readonly passed: number } {
    return { failed: this.#failed, passed: this.#passed };
  }

  /** Returns how many different patterns there are with this run. */
  add({ failed, parts }: RunExecution): number {
    const covered = new Set<number>();
    const pattern = createHash("sha256");
    for (const part of parts) {
      for (const analysed of this.#classes) {
        const places = this.#covered(analysed, part.get(analysed.id));
        const lines = places.filter((place) => this.#places[place]!.branch === undefined);
        pattern.update(`${analysed.id} ${lines.join(",")}\n`);
        for (const place of places) covered.add(place);
      }
      pattern.update("\n");
    }
    for (const place of covered) {
      if (failed) this.#places[place]!.failed += 1;
      else this.#places[place]!.passed += 1;
    }
    if (failed) this.#failed += 1;
    else this.#passed += 1;
    this.#patterns.add(pattern.digest("hex"));
    return this.#patterns.size;
  }

  /** The best first: those that only failing runs took, or with `isAll` whatever some failing run took. */
  suspects(isAll = false): Suspect[] {
    const found = this.#places.filter(({ failed, passed }) => failed > 0 && (isAll || passed === 0));
    return joinLines(found)
      .map((suspect) => ({ ...suspect, score: ochiai(this.#contingency(suspect)) }))
      .sort((a, b) => b.score - a.score || compareNames(a, b));
  }

  #contingency({ failed, passed }: { readonly failed: number; readonly passed: number }): Contingency {
    return {
      withFailed: failed,
      withPassed: passed,
      withoutFailed: this.#failed - failed,
      withoutPassed: this.#passed - passed,
    };
  }

  #covered(analysed: AnalysedClass, execution: ClassExecution | undefined): readonly number[] {
    if (execution === undefined || !execution.probes.includes(true)) return [];
    const key = `${analysed.id} ${execution.probes.map(Number).join("")}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const coverage = coverClass(analysed, execution);
    const places = new Set<number>();
    for (const { name, descriptor, nodes } of coverage.methods) {
      const at = { className: coverage.name.replaceAll("/", "."), method: name };
      for (const place of coveredPlaces(nodes)) {
        places.add(this.#numberOf({ ...at, ...place }, `${descriptor}`));
      }
    }
    const sorted = [...places].sort((a, b) => a - b);
    this.#known.set(key, sorted);
    return sorted;
  }

  #numberOf(place: Omit<Place, "failed" | "passed">, descriptor: string): number {
    const method = `${place.className} ${place.method}${descriptor}`;
    let numbers = this.#placesOf.get(method);
    if (numbers === undefined) {
      numbers = new Map();
      this.#placesOf.set(method, numbers);
    }
    const key = `${place.line} ${place.branch?.number ?? ""}`;
    const known = numbers.get(key);
    if (known !== undefined) return known;
    const number = this.#places.push({ ...place, failed: 0, passed: 0 }) - 1;
    numbers.set(key, number);
    return number;
  }
}

/** Lines, and branches where there is more than one way on. */
function* coveredPlaces(nodes: readonly InstructionNode[]): Generator<Pick<Place, "line" | "branch">> {
  const branchesOf = new Map<number, number>();
  for (const { line, branchCount } of nodes) {
    if (branchCount > 1) branchesOf.set(line, (branchesOf.get(line) ?? 0) + branchCount);
  }
  const before = new Map<number, number>();
  for (const { line, branchCount, covered, isCovered } of nodes) {
    if (line === 0) continue;
    if (isCovered) yield { line, branch: undefined };
    if (branchCount < 2) continue;
    const first = before.get(line) ?? 0;
    for (const taken of covered) {
      yield { line, branch: { number: first + taken + 1, of: branchesOf.get(line)! } };
    }
    before.set(line, first + branchCount);
  }
}

/** Lines that follow one another in a method, and were executed in as many runs, are one suspect. */
function joinLines(places: readonly Place[]): Omit<Suspect, "score">[] {
  const joined: (Omit<Suspect, "score" | "lastLine"> & { lastLine: number })[] = [];
  const sorted = places.toSorted((a, b) => compareNames(a, b) || a.line - b.line);
  for (const { className, method, line, branch, failed, passed } of sorted) {
    const last = joined.at(-1);
    const goesOn =
      last !== undefined &&
      branch === undefined &&
      last.branch === undefined &&
      last.className === className &&
      last.method === method &&
      line - last.lastLine <= maxGap &&
      last.failed === failed &&
      last.passed === passed;
    if (goesOn) last.lastLine = line;
    else joined.push({ className, method, firstLine: line, lastLine: line, branch, failed, passed });
  }
  return joined;
}

/** Empty lines and comments between. */
const maxGap = 3;

interface Named {
  readonly className: string;
  readonly method: string;
  readonly line?: number;
  readonly firstLine?: number;
  readonly branch: Suspect["branch"];
}

/** By class and method, whole lines before branches. */
function compareNames(a: Named, b: Named): number {
  return (
    compare(a.className, b.className) ||
    compare(a.method, b.method) ||
    Number(a.branch !== undefined) - Number(b.branch !== undefined) ||
    (a.line ?? a.firstLine ?? 0) - (b.line ?? b.firstLine ?? 0) ||
    (a.branch?.number ?? 0) - (b.branch?.number ?? 0)
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
