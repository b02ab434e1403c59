import type { KeyProblem, ValuesOf } from "../config/index.js";
import { type Action, type Event, ProcSetEvent, ShellAction } from "../signal/index.js";
import { formatDurationMs } from "../util/index.js";
import { Fifo } from "./fifo.js";
import type { Decision, ImmediatePolicy, PolicyContext } from "./policy.js";
import { builtInPolicy } from "./policy-entry.js";
import { createProcPolicy, type ProcPolicy } from "./proc-policy/index.js";
import { randomParams } from "./random-params.js";

type Params = ValuesOf<typeof randomParams>;

const prioritizedFactor = 0.8;

export const randomPolicy = builtInPolicy({
  name: "random",
  summary:
    "Holds each event for a random time, now and then answers with a fault, and redraws how threads are scheduled.",
  params: randomParams,
  check: checkBounds,
  warnings: (params) =>
    params.shellActionCommand !== "" && params.shellActionInterval === 0
      ? ["shellActionCommand is ignored, because shellActionInterval is 0"]
      : [],
  create: (params, context) => new RandomPolicy(params, context),
});

function checkBounds({ minInterval, maxInterval }: Params): KeyProblem | undefined {
  if (maxInterval === undefined || maxInterval >= minInterval) return undefined;
  return {
    path: ["maxInterval"],
    kind: "wrong",
    expected: `at least minInterval (${formatDurationMs(minInterval)})`,
    got: formatDurationMs(maxInterval),
  };
}

/**
 * Each event that is held draws its delay, then its fault, always in this order and always both, so that a fault falls
 * on the same event whatever the bounds are. When nothing is left to chance nothing is drawn: at 300,000 packets a second
 * that is what `0/0` is for.
 */
class RandomPolicy implements ImmediatePolicy {
  readonly name = "random";
  readonly #context: PolicyContext;
  readonly #minMs: number;
  readonly #maxMs: number;
  readonly #prioritized: ReadonlySet<string>;
  readonly #faultProbability: number;
  readonly #procPolicy: ProcPolicy;
  readonly #fifo: Fifo;
  readonly #isImmediate: boolean;

  constructor(params: Params, context: PolicyContext) {
    this.#context = context;
    this.#minMs = params.minInterval;
    this.#maxMs = params.maxInterval ?? params.minInterval;
    this.#prioritized = new Set(params.prioritizedEntities);
    this.#faultProbability = params.faultActionProbability;
    this.#procPolicy = createProcPolicy(params, context.cpuCount);
    this.#fifo = new Fifo(context.clock);
    this.#isImmediate = this.#maxMs === 0 && this.#faultProbability === 0;
    const { shellActionInterval: periodMs, shellActionCommand: command } = params;
    if (periodMs > 0 && command !== "") context.every(periodMs, () => context.emit(new ShellAction(command)));
  }

  onEvent(event: Event): Decision {
    if (event instanceof ProcSetEvent) {
      return { delayMs: 0, action: this.#procPolicy.schedule(event, this.#context.randomFor(event)) };
    }
    if (this.#isImmediate || !event.deferred) return { delayMs: 0, action: event.defaultAction() };
    const factor = this.#prioritized.has(event.entity) ? prioritizedFactor : 1;
    if (this.#minMs === this.#maxMs && this.#faultProbability === 0) {
      return { delayMs: this.#fifo.delayMs(this.#minMs * factor), action: event.defaultAction() };
    }
    const random = this.#context.randomFor(event);
    const spread = random.next();
    const isFault = random.next() < this.#faultProbability;
    const delayMs =
      this.#minMs === this.#maxMs
        ? this.#fifo.delayMs(this.#minMs * factor)
        : (this.#minMs + spread * (this.#maxMs - this.#minMs)) * factor;
    return { delayMs, action: answer(event, isFault) };
  }
}

function answer(event: Event, isFault: boolean): Action {
  return (isFault ? event.faultAction() : undefined) ?? event.defaultAction();
}
