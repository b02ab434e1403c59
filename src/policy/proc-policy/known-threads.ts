// Enough for any real workload between two sweeps; beyond it newborns are only counted.
const maxRemembered = 65_536;

/**
 * Tells a sweep (the threads that live) from a birth (threads just made), which look alike on the wire, and knows how
 * many threads there are. An event is a birth when none of its threads has been seen since the sweep before.
 */
export class KnownThreads {
  #ids = new Set<number>();
  #count = 0;

  /** The last sweep and everyone born since: too many rather than too few, until the next sweep. */
  get count(): number {
    return this.#count;
  }

  /** Takes note of an event; true when it is a birth. */
  note(threadIds: readonly number[]): boolean {
    const isFirstSweep = this.#count === 0 && threadIds.length > 1;
    if (isFirstSweep || threadIds.some((id) => this.#ids.has(id))) {
      this.#ids = new Set(threadIds);
      this.#count = threadIds.length;
      return false;
    }
    this.#count += threadIds.length;
    if (this.#ids.size < maxRemembered) for (const id of threadIds) this.#ids.add(id);
    return true;
  }
}
