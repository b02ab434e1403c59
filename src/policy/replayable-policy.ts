import { duration, text } from "../config/index.js";
import type { Event } from "../signal/index.js";
import type { Decision, ImmediatePolicy } from "./policy.js";
import { builtInPolicy } from "./policy-entry.js";

/** Overrides the parameter `seed`, as in Namazu. */
const seedVariable = "NMZ_REPLAY_SEED";

export const replayablePolicy = builtInPolicy({
  name: "replayable",
  summary:
    "Holds each event for a time that is a hash of a seed and the event's replay hint, as Namazu computes it: equal hints wait equally long. No faults. For configs and seeds that come from Namazu; `random` is repeatable too.",
  params: {
    maxInterval: duration(10, { meaning: "upper bound of the delay (exclusive); 0 is no delay" }),
    seed: text("", {
      meaning: `any string; the environment variable \`${seedVariable}\`, if not empty, wins`,
    }),
  },
  create: (params, context) => {
    const seed = context.environment?.[seedVariable] || params.seed;
    return new ReplayablePolicy(params.maxInterval, seed);
  },
});

class ReplayablePolicy implements ImmediatePolicy {
  readonly name = "replayable";
  readonly #maxNs: bigint;
  readonly #seedHash: bigint;

  constructor(maxIntervalMs: number, seed: string) {
    this.#maxNs = BigInt(Math.round(maxIntervalMs * 1e6));
    this.#seedHash = fnv1a64(seed);
  }

  onEvent(event: Event): Decision {
    const action = event.defaultAction();
    if (!event.deferred || this.#maxNs === 0n) return { delayMs: 0, action };
    const delayNs = fnv1a64(event.replayHint, this.#seedHash) % this.#maxNs;
    return { delayMs: Number(delayNs) * 1e-6, action };
  }
}

/** FNV-1a over the UTF-8 bytes, 64 bits (draft-eastlake-fnv); can be continued from an earlier hash. */
export function fnv1a64(input: string, hash = 0xcbf29ce484222325n): bigint {
  let mixed = hash;
  for (const byte of new TextEncoder().encode(input)) {
    mixed = BigInt.asUintN(64, (mixed ^ BigInt(byte)) * 0x100000001b3n);
  }
  return mixed;
}
