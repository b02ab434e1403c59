import { type ProcSetEvent, ProcSetSchedAction, type SchedAttributes } from "../../signal/index.js";
import type { Random } from "../../util/index.js";
import { KnownThreads } from "./known-threads.js";
import type { ProcPolicy } from "./proc-policy.js";
import { deadline, normal } from "./sched-attributes.js";

const periodNs = 1_000_000;
// A thread that has less of a CPU does not even end in time when it is killed.
const leastShare = 0.01;
// What the kernel admits by default (sched_rt_runtime_us / sched_rt_period_us) …
const admittedShare = 0.95;
// … and how much of it is used: others may have deadline threads too, and shares change one thread at a time.
const headroom = 0.9;
// The least share is at most half the average one, so flat shares stay flat.
const averageOverLeast = 2;

/**
 * CPU time is dealt out by a flat Dirichlet distribution: every way to divide it is equally likely, so some threads get
 * next to nothing. Shares are deadline reservations. Each is a hundredth of a CPU plus a Dirichlet share of what is left,
 * and their sum stays within what the kernel admits; of very many threads, some by chance stay SCHED_NORMAL.
 *
 * A newborn stays SCHED_NORMAL until the next sweep deals anew: everything is dealt already.
 */
export class DirichletProcPolicy implements ProcPolicy {
  readonly #resetProbability: number;
  readonly #budget: number;
  readonly #known = new KnownThreads();

  constructor(resetProbability: number, cpuCount: number) {
    this.#resetProbability = resetProbability;
    this.#budget = headroom * admittedShare * cpuCount;
  }

  schedule(event: ProcSetEvent, random: Random): ProcSetSchedAction {
    const { threadIds } = event;
    const attributes: Record<string, SchedAttributes> = {};
    if (this.#known.note(threadIds)) {
      for (const id of threadIds) attributes[id] = normal;
      return new ProcSetSchedAction(event, attributes);
    }
    const weights = threadIds.map(() => exponential(random));
    const most = Math.max(1, Math.floor(this.#budget / (leastShare * averageOverLeast)));
    const least = threadIds.length <= most ? 0 : weights.toSorted((a, b) => b - a)[most - 1]!;
    const dealt = weights.filter((weight) => weight >= least);
    const total = dealt.reduce((sum, weight) => sum + weight, 0);
    const left = Math.max(0, this.#budget - dealt.length * leastShare);
    for (const [index, id] of threadIds.entries()) {
      const share = Math.min(admittedShare, leastShare + (left * weights[index]!) / total);
      const isReset = random.next() < this.#resetProbability;
      const isDealt = weights[index]! >= least && !isReset;
      attributes[id] = isDealt ? deadline(Math.floor(share * periodNs), periodNs) : normal;
    }
    return new ProcSetSchedAction(event, attributes);
  }
}

/** Gamma(1): normalised by their sum, n of them are a flat Dirichlet draw. */
function exponential(random: Random): number {
  return -Math.log(random.next() + 2 ** -33); // next() may be 0, and never exceeds 1 - 2^-32
}
