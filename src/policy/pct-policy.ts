import { duration, integer, probability, type ValuesOf } from "../config/index.js";
import type { Event } from "../signal/index.js";
import type { Decision, ImmediatePolicy, PolicyContext } from "./policy.js";
import { builtInPolicy } from "./policy-entry.js";
import { Remembered } from "./remembered.js";
import { streamOf } from "./stream-of.js";

const params = {
  slow: probability(0.2, {
    meaning: "share of the streams that have a low priority: each of their events is late",
  }),
  minDelay: duration(20, { meaning: "lower bound of how late" }),
  maxDelay: duration(100, { meaning: "upper bound of how late (exclusive)" }),
  changePoints: integer(3, { min: 0, meaning: "how many events of any stream are late besides, on average" }),
  steps: integer(1000, { min: 1, meaning: "in how many events: about as many as the workload makes" }),
} as const;

type Params = ValuesOf<typeof params>;

/**
 * Few large delays on few streams instead of many small ones everywhere.
 *
 * After PCT: S. Burckhardt, P. Kothari, M. Musuvathi, S. Nagarakatte, "A Randomized Scheduler with Probabilistic
 * Guarantees of Finding Bugs" (ASPLOS 2010): random priorities, lowered at d − 1 random points, find a bug of depth d
 * among n threads and k steps with a probability of at least 1/(n·k^(d−1)). There the scheduler runs nothing but the
 * thread of the highest priority. From outside nobody can be kept from running, so a low priority is a delay; and a
 * change point delays one event, whose stream then waits by itself, instead of counting steps of the whole program: so
 * each decision is drawn from its own event and stream alone, and the same seed repeats it.
 */
export const pctPolicy = builtInPolicy({
  name: "pct",
  summary:
    "Gives each stream (connections to a port, a file, a function) a random priority and delays those of low priority, and few other events at random points. Leaves threads alone; see `mix`.",
  params,
  check: ({ minDelay, maxDelay }) =>
    maxDelay >= minDelay
      ? undefined
      : { path: ["maxDelay"], kind: "wrong", expected: "at least minDelay", got: maxDelay },
  create: (values, context) => new PctPolicy(values, context),
});

class PctPolicy implements ImmediatePolicy {
  readonly name = "pct";
  readonly #context: PolicyContext;
  readonly #params: Params;
  readonly #changeProbability: number;
  /** How late each event of a stream is; 0 for one of high priority. */
  readonly #delaysMs: Remembered<number>;

  constructor(values: Params, context: PolicyContext) {
    this.#context = context;
    this.#params = values;
    this.#changeProbability = Math.min(1, values.changePoints / values.steps);
    this.#delaysMs = new Remembered((stream) => {
      const random = context.randomNamed(`pct ${stream}`);
      return random.next() < values.slow ? this.#drawMs(random.next()) : 0;
    });
  }

  onEvent(event: Event): Decision {
    const action = event.defaultAction();
    if (!event.deferred) return { delayMs: 0, action };
    const streamMs = this.#delaysMs.of(streamOf(event));
    const random = this.#context.randomFor(event);
    const isChangePoint = random.next() < this.#changeProbability;
    return { delayMs: isChangePoint ? Math.max(streamMs, this.#drawMs(random.next())) : streamMs, action };
  }

  #drawMs(spread: number): number {
    const { minDelay, maxDelay } = this.#params;
    return minDelay + spread * (maxDelay - minDelay);
  }
}
