import { type ProcSetEvent, ProcSetSchedAction, type SchedAttributes } from "../../signal/index.js";
import type { Random } from "../../util/index.js";
import { KnownThreads } from "./known-threads.js";
import type { ProcPolicy } from "./proc-policy.js";
import { niceness, roundRobin, schedPolicy } from "./sched-attributes.js";

const batch = niceness(schedPolicy.batch, 0);

/**
 * A few threads become real-time (round robin) and starve the rest, which are batch. At a sweep the few are drawn with
 * replacement, so some sweeps have fewer. A newborn becomes real-time with the chance that such a sweep would have
 * given it: 1 − (1 − 1/n)^prioritized among n threads. Priorities are 1…9 (Namazu's 0 is not legal).
 */
export class ExtremeProcPolicy implements ProcPolicy {
  readonly #prioritized: number;
  readonly #known = new KnownThreads();

  constructor(prioritized: number) {
    this.#prioritized = prioritized;
  }

  schedule(event: ProcSetEvent, random: Random): ProcSetSchedAction {
    const { threadIds } = event;
    const attributes: Record<string, SchedAttributes> = {};
    for (const id of threadIds) attributes[id] = batch;
    if (this.#known.note(threadIds)) {
      const chance = 1 - (1 - 1 / this.#known.count) ** this.#prioritized;
      for (const id of threadIds)
        if (random.next() < chance) attributes[id] = roundRobin(random.integer(1, 9));
    } else {
      // More draws than this reach every thread anyway, and a config may ask for a billion.
      const draws = Math.min(this.#prioritized, 100 * threadIds.length);
      for (let drawn = 0; drawn < draws; drawn++) {
        const id = threadIds[random.integer(0, threadIds.length - 1)]!;
        attributes[id] = roundRobin(random.integer(1, 9));
      }
    }
    return new ProcSetSchedAction(event, attributes);
  }
}
