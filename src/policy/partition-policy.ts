import { duration, probability, type ValuesOf } from "../config/index.js";
import { type Event, PacketEvent } from "../signal/index.js";
import type { Decision, ImmediatePolicy, PolicyContext } from "./policy.js";
import { builtInPolicy } from "./policy-entry.js";
import { Remembered } from "./remembered.js";

const params = {
  healthy: duration(5000, {
    isPositive: true,
    meaning: "how long all is well, on average, before and between partitions",
  }),
  apart: duration(2000, {
    isPositive: true,
    meaning: "how long a partition lasts, on average; then it heals by itself",
  }),
  split: probability(0.5, {
    meaning: "chance that an address is on the one side; drawn anew for each partition",
  }),
} as const;

// Shorter ones no program notices, and each has to be counted after an idle hour.
const shortestMs = 10;

type Params = ValuesOf<typeof params>;

/**
 * Two sides of the network apart for a while, healing by itself: packets between addresses on different sides are lost.
 *
 * After the partition nemesis of Jepsen (K. Kingsbury, jepsen.io: `partition-random-halves`), without which hosts: each
 * address falls on a side by the seed and its name. When partitions begin and end is drawn from the seed too, and counted
 * from the first event on. An inspector inside one container sees that container's packets, so its own address needs a peer on
 * the other side to be cut off from.
 */
export const partitionPolicy = builtInPolicy({
  name: "partition",
  summary:
    "Parts the network in two for a while, again and again: packets between addresses on different sides are dropped. Everything else goes on.",
  params,
  check: (values) => {
    const key = (["healthy", "apart"] as const).find((name) => values[name] < shortestMs);
    if (key === undefined) return undefined;
    return { path: [key], kind: "wrong", expected: `at least ${shortestMs}ms`, got: `${values[key]}ms` };
  },
  create: (values, context) => new PartitionPolicy(values, context),
});

class PartitionPolicy implements ImmediatePolicy {
  readonly name = "partition";
  readonly #context: PolicyContext;
  readonly #params: Params;
  #number = 0;
  #isApart = false;
  #changesAtMs: number | undefined;
  #sides: Remembered<boolean>;

  constructor(values: Params, context: PolicyContext) {
    this.#context = context;
    this.#params = values;
    this.#sides = this.#drawSides();
  }

  onEvent(event: Event): Decision {
    if (event instanceof PacketEvent && event.deferred) {
      this.#catchUp();
      const { srcEntity, dstEntity } = event.source;
      if (this.#isApart && this.#sides.of(hostOf(srcEntity)) !== this.#sides.of(hostOf(dstEntity))) {
        return { delayMs: 0, action: event.faultAction() };
      }
    }
    return { delayMs: 0, action: event.defaultAction() };
  }

  #catchUp(): void {
    const nowMs = this.#context.clock.nowMs();
    this.#changesAtMs ??= nowMs + this.#lengthMs();
    while (nowMs >= this.#changesAtMs) {
      this.#isApart = !this.#isApart;
      if (this.#isApart) {
        this.#number += 1;
        this.#sides = this.#drawSides();
      }
      this.#changesAtMs += this.#lengthMs();
    }
  }

  /** Uniform from half the mean to one and a half of it. */
  #lengthMs(): number {
    const meanMs = this.#isApart ? this.#params.apart : this.#params.healthy;
    const phase = `${this.#isApart ? "apart" : "healthy"} ${this.#number}`;
    return meanMs * (0.5 + this.#context.randomNamed(`partition ${phase}`).next());
  }

  #drawSides(): Remembered<boolean> {
    const number = this.#number;
    return new Remembered(
      (host) => this.#context.randomNamed(`side ${number} ${host}`).next() < this.#params.split,
    );
  }
}

/** `entity-10.0.0.2:80` → `entity-10.0.0.2`: a host is on one side with all its ports. */
function hostOf(entity: string): string {
  return entity.replace(/:\d+$/, "");
}
