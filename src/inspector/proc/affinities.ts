import {
  getAffinity,
  processStartTicks,
  threadsOfProcess,
  trySetAffinity,
} from "../../../runtime/kernel/index.js";

interface Original {
  readonly startTicks: number | undefined;
  readonly cpus: readonly number[];
}

const passes = 10;

/**
 * Which CPUs threads had before they were given fewer. A thread that was born since has inherited the fewer: it gets what
 * the process had whose share it has.
 */
export class Affinities {
  readonly #originals = new Map<number, Original>();
  /** What was given, as text, and what the process had that was given it. */
  readonly #given = new Map<string, readonly number[]>();

  /**
   * Leaves all threads of a process `count` of the CPUs it had at first, from `place` (0 up to 1) of them on. `free` makes
   * a thread ready that the kernel calls busy. Returns why it could not be done, undefined when it is.
   */
  narrow(pid: number, count: number, place: number, free: (tid: number) => void): string | undefined {
    const all = this.#originalOf(pid);
    if (all === undefined) return "it has ended";
    if (count >= all.length) return `it has ${all.length} CPUs, and ${count} are no fewer`;
    const first = Math.floor(place * all.length);
    const chosen = Array.from({ length: count }, (_, index) => all[(first + index) % all.length]!).sort(
      (a, b) => a - b,
    );
    this.#given.set(chosen.join(), all);
    const done = new Set<number>();
    for (let pass = 0; pass < passes; pass++) {
      const left = threadsOfProcess(pid).filter((tid) => !done.has(tid));
      if (left.length === 0) break;
      for (const tid of left) {
        done.add(tid);
        if (this.#originalOf(tid) === undefined) continue;
        let errno = trySetAffinity(tid, chosen);
        if (errno === 16) {
          free(tid);
          errno = trySetAffinity(tid, chosen);
        }
        if (errno !== 0 && errno !== 3) return `the kernel refused it (errno ${errno})`;
      }
    }
    return undefined;
  }

  /** Whether it may use only CPUs that were given here: all, or some by its own choice. Undefined when it has ended. */
  isNarrow(tid: number): boolean | undefined {
    const now = getAffinity(tid);
    if (now === undefined) return undefined;
    return [...this.#given.keys()].some((given) => {
      const cpus = new Set(given.split(",").map(Number));
      return now.every((cpu) => cpus.has(cpu));
    });
  }

  /** Of these threads, those that have what was given here get back what they had. */
  restore(threadIds: readonly number[]): void {
    if (this.#given.size === 0) return;
    for (const tid of threadIds) {
      const now = getAffinity(tid);
      const given = now === undefined ? undefined : this.#given.get(now.join());
      // Whoever has something else by now has been given it by somebody else.
      if (given !== undefined) trySetAffinity(tid, this.#known(tid)?.cpus ?? given);
    }
  }

  #known(tid: number): Original | undefined {
    const original = this.#originals.get(tid);
    return original?.startTicks === processStartTicks(tid) ? original : undefined;
  }

  /** A newborn's is what its parent had. */
  #originalOf(tid: number): readonly number[] | undefined {
    const known = this.#known(tid);
    if (known !== undefined) return known.cpus;
    const now = getAffinity(tid);
    if (now === undefined) return undefined;
    const cpus = this.#given.get(now.join()) ?? now;
    this.#originals.set(tid, { startTicks: processStartTicks(tid), cpus });
    return cpus;
  }
}
