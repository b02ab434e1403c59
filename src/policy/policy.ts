import type { Action, Event } from "../signal/index.js";
import type { Clock, Random } from "../util/index.js";

/** What to do and when. The delay counts from now; 0 means at once, within the same call. */
export interface Decision {
  readonly delayMs: number;
  readonly action: Action;
}

/** Everything a policy may know of the world besides events. */
export interface PolicyContext {
  /** Stands still while one event is decided on, so delays that were computed from it keep their order. */
  readonly clock: Clock;
  /**
   * A fresh source for this event's decision: its numbers depend on (seed, entity, replay hint, how many times
   * that hint has come before) and on nothing else. Ask once per event, and only if chance is needed.
   */
  randomFor(event: Event): Random;
  /** A source of its own for anything that is not about one event. */
  readonly random: Random;
  /** Number of CPUs the workload can use. */
  readonly cpuCount: number;
  /** Environment variables, for the few that Namazu gave a meaning. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Calls back every so many milliseconds until the run ends. */
  every(periodMs: number, tick: () => void): void;
  /** A free-standing action, carried out at once. */
  emit(action: Action): void;
}

/** Answers each event with one decision. Owns no timer, does no I/O, keeps what it wants between events. */
export interface Policy {
  readonly name: string;
  onEvent(event: Event): Decision;
}
