import type {
  Event,
  Fault,
  FilesystemEvent,
  FilesystemFault,
  PacketEvent,
  PacketFault,
  ProcessFault,
  ProcSetEvent,
} from "../signal/index.js";
import type { Random } from "../util/index.js";
import type { EarlierRun } from "./earlier-run.js";
import { faultActionOf } from "./fault-action.js";
import type { Answer, Decision, PolicyContext } from "./policy.js";

/** The faults that an event of a class can get. */
export type FaultOf<E extends Event> = E extends PacketEvent
  ? PacketFault
  : E extends FilesystemEvent
    ? FilesystemFault
    : E extends ProcSetEvent
      ? ProcessFault
      : never;

/** What `create` is given: the world, the parameters, and a word for each answer. None of it needs `this`. */
export interface AuthorContext<Params> extends PolicyContext {
  /** The values of `explorePolicyParam`: durations are milliseconds. */
  readonly params: Params;
  /**
   * The runs that were recorded in the same `--nmz-out` folder and have ended, oldest first; empty without one. Read when first
   * asked for.
   */
  readonly history: readonly EarlierRun[];
  /** The source of chance of this event: the same one however often it is asked for. */
  randomFor(event: Event): Random;
  /** The event goes on now. */
  accept(event: Event): Decision;
  /** The event goes on after so many milliseconds. */
  delay(event: Event, delayMs: number): Decision;
  /**
   * The fault of this class of event, after so many milliseconds: a packet is dropped, a file operation fails with EIO.
   * An event that has none goes on.
   */
  fault(event: Event, delayMs?: number): Decision;
  /** That fault. Throws TypeError where an event of its class cannot have it. */
  fault<E extends Event>(event: E, fault: FaultOf<E>, delayMs?: number): Decision;
  /** The packet is lost. Anything that is no packet goes on. */
  drop(event: Event): Decision;
  /**
   * The event goes on at that time of `clock.nowMs()`, or once the promise is kept (or broken). Events that wait for
   * the same promise go on in the order in which they came.
   */
  holdUntil(event: Event, until: number | PromiseLike<unknown>): Answer | Promise<Answer>;
}

/** Adds parameters and answers to what the orchestrator gives. */
export function authorContext<Params>(params: Params, context: PolicyContext): AuthorContext<Params> {
  // Who asks twice for one event must not be taken for the hint's next occurrence.
  const sources = new WeakMap<Event, Random>();
  const accept = (event: Event): Decision => ({ delayMs: 0, action: event.defaultAction() });
  const delay = (event: Event, delayMs: number): Decision => ({ delayMs, action: event.defaultAction() });
  const fault = (event: Event, what?: Fault | number, delayMs = 0): Decision => {
    if (typeof what === "object") return { delayMs, action: faultActionOf(event, { ...what }) };
    return { delayMs: what ?? delayMs, action: event.faultAction() ?? event.defaultAction() };
  };
  return {
    clock: context.clock,
    random: context.random,
    cpuCount: context.cpuCount,
    environment: context.environment ?? {},
    randomNamed: (name) => context.randomNamed(name),
    every: (periodMs, tick) => context.every(periodMs, tick),
    after: (delayMs, tick) => context.after(delayMs, tick),
    emit: (action) => context.emit(action),
    log: (line) => context.log(line),
    params,
    get history() {
      return context.history ?? [];
    },
    randomFor: (event) => {
      const known = sources.get(event);
      if (known !== undefined) return known;
      const random = context.randomFor(event);
      sources.set(event, random);
      return random;
    },
    accept,
    delay,
    fault,
    drop: (event) => (event.class === "PacketEvent" ? fault(event) : accept(event)),
    holdUntil: (event, until) => {
      if (typeof until === "number") return delay(event, Math.max(0, until - context.clock.nowMs()));
      const go = (): Decision => accept(event);
      return Promise.resolve(until).then(go, go);
    },
  };
}
