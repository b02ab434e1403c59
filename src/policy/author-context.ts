import {
  type Action,
  type Event,
  type Fault,
  FilesystemEvent,
  type FilesystemFault,
  FilesystemFaultAction,
  filesystemFaultFrom,
  PacketEvent,
  type PacketFault,
  PacketFaultAction,
  type ProcessFault,
  ProcFaultAction,
  ProcSetEvent,
  packetFaultFrom,
  processFaultFrom,
} from "../signal/index.js";
import { messageOf, type Random } from "../util/index.js";
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
    if (typeof what === "object") return { delayMs, action: actionOf(event, what) };
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

function actionOf(event: Event, fault: Fault): Action {
  const option = { fault: { ...fault } };
  try {
    if (event instanceof PacketEvent) return new PacketFaultAction(event, packetFaultFrom(option));
    if (event instanceof FilesystemEvent)
      return new FilesystemFaultAction(event, filesystemFaultFrom(option));
    if (event instanceof ProcSetEvent) return new ProcFaultAction(event, processFaultFrom(option)!);
  } catch (error) {
    throw new TypeError(`no fault of a ${event.class}: ${messageOf(error)}`, { cause: error });
  }
  throw new TypeError(`a ${event.class} has no fault "${fault.kind}"`);
}
