import { duration, integer, probability, type ValuesOf } from "../config/index.js";
import type { Event } from "../signal/index.js";
import type { Decision, ImmediatePolicy, PolicyContext } from "./policy.js";
import { builtInPolicy } from "./policy-entry.js";
import { Remembered } from "./remembered.js";
import { streamOf } from "./stream-of.js";

const params = {
  chance: probability(0.1, { meaning: "chance that a stream is starved for a window of its events" }),
  window: integer(20, { min: 1, meaning: "how many events of a stream a window has" }),
  hold: duration(300, { meaning: "how long the events of a starved window are held" }),
} as const;

type Params = ValuesOf<typeof params>;

/**
 * Now and then one connection, file or function gets nothing done for a while, as if it were alone on a bad machine.
 *
 * After the starvation intervals of rr's chaos mode: R. O'Callahan, "Introducing rr Chaos Mode" (2016), where a thread of
 * low priority gets no CPU for up to 20 % of the time. Windows count events of the stream, not time, so that a slower machine
 * repeats them.
 */
export const starvePolicy = builtInPolicy({
  name: "starve",
  summary:
    "Holds one stream (connections to a port, a file, a function) back for a window of its events, now and then. Leaves threads alone; see `mix`.",
  params,
  create: (values, context) => new StarvePolicy(values, context),
});

class StarvePolicy implements ImmediatePolicy {
  readonly name = "starve";
  readonly #context: PolicyContext;
  readonly #params: Params;
  readonly #streams = new Remembered(() => ({ events: 0, isStarved: false }));

  constructor(values: Params, context: PolicyContext) {
    this.#context = context;
    this.#params = values;
  }

  onEvent(event: Event): Decision {
    const action = event.defaultAction();
    if (!event.deferred) return { delayMs: 0, action };
    const { chance, window, hold } = this.#params;
    const name = streamOf(event);
    const stream = this.#streams.of(name);
    if (stream.events % window === 0) {
      const random = this.#context.randomNamed(`starve ${stream.events / window} ${name}`);
      stream.isStarved = random.next() < chance;
    }
    stream.events += 1;
    return { delayMs: stream.isStarved ? hold : 0, action };
  }
}
