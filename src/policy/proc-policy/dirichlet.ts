import { type ProcSetEvent, ProcSetSchedAction, type SchedAttributes } from "../../signal/index.js";
import type { Random } from "../../util/index.js";
import { KnownThreads } from "./known-threads.js";
import type { ProcPolicy } from "./proc-policy.js";
import { deadline, normal } from "./sched-attributes.js";

// The kernel refuses a deadline runtime below 1 << DL_SCALE (kernel/sched/sched.h, __checkparam_dl).
const minRuntimeNs = 1024;
const basePeriodNs = 1_000_000;
// sched_deadline_period_max_us is 2^22 µs.
const maxPeriodNs = 4_000_000_000;
// What the kernel admits by default (sched_rt_runtime_us / sched_rt_period_us) …
const admittedShare = 0.95;
// … and how much of it is used: others may have deadline threads too, and shares change one thread at a time.
const headroom = 0.9;
// The smallest legal runtime is at most a tenth of the average one, so flat shares stay flat.
const averageOverMin = 10;

/**
 * CPU time is dealt out by a flat Dirichlet distribution: every way to divide it is equally likely, so some threads get
 * next to nothing. Shares are deadline reservations. Each is the legal minimum plus a Dirichlet share of what is left,
 * and their sum stays within what the kernel admits; with many threads the period grows to make room for the minimum.
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
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const periodNs = periodFor(threadIds.length, this.#budget);
    const minShare = minRuntimeNs / periodNs;
    const left = Math.max(0, this.#budget - threadIds.length * minShare);
    const maxRuntimeNs = Math.floor(periodNs * admittedShare);
    for (const [index, id] of threadIds.entries()) {
      const share = minShare + (left * weights[index]!) / total;
      const runtimeNs = Math.min(maxRuntimeNs, Math.max(minRuntimeNs, Math.floor(share * periodNs)));
      const isReset = random.next() < this.#resetProbability;
      attributes[id] = isReset ? normal : deadline(runtimeNs, periodNs);
    }
    return new ProcSetSchedAction(event, attributes);
  }
}

/** Gamma(1): normalised by their sum, n of them are a flat Dirichlet draw. */
function exponential(random: Random): number {
  return -Math.log(random.next() + 2 ** -33); // next() may be 0, and never exceeds 1 - 2^-32
}

function periodFor(threadCount: number, budget: number): number {
  const neededNs = (threadCount * minRuntimeNs * averageOverMin) / budget;
  return Math.min(maxPeriodNs, basePeriodNs * Math.max(1, Math.ceil(neededNs / basePeriodNs)));
}
