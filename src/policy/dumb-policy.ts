import { duration } from "../config/index.js";
import type { Event } from "../signal/index.js";
import { Fifo } from "./fifo.js";
import type { Decision, ImmediatePolicy, PolicyContext } from "./policy.js";
import { builtInPolicy } from "./policy-entry.js";

export const dumbPolicy = builtInPolicy({
  name: "dumb",
  summary:
    "Lets every event go in the order of arrival, each a fixed interval after the one before. No chance, no faults.",
  params: {
    interval: duration(0, { meaning: "how long each event is held once it is first in line" }),
  },
  create: ({ interval }, context) => new DumbPolicy(interval, context),
});

/** Threads are left alone: the answer to a ProcSetEvent, as to any event that nobody holds, is to do nothing. */
class DumbPolicy implements ImmediatePolicy {
  readonly name = "dumb";
  readonly #intervalMs: number;
  readonly #fifo: Fifo;

  constructor(intervalMs: number, context: PolicyContext) {
    this.#intervalMs = intervalMs;
    this.#fifo = new Fifo(context.clock);
  }

  onEvent(event: Event): Decision {
    const delayMs = event.deferred ? this.#fifo.delayMs(this.#intervalMs) : 0;
    return { delayMs, action: event.defaultAction() };
  }
}
