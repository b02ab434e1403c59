import type { Action, Event } from "../signal/index.js";
import type { Clock, Random } from "../util/index.js";
import type { EarlierRun } from "./earlier-run.js";

/** What to do and when. The delay counts from now; 0 means at once, within the same call. */
export interface Decision {
  readonly delayMs: number;
  readonly action: Action;
}

/** A decision, or nothing: the event goes on at once. */
// biome-ignore lint/suspicious/noConfusingVoidType: a function that just ends is the shortest policy there is
export type Answer = Decision | undefined | void;

/** Everything a policy may know of the world besides events. */
export interface PolicyContext {
  /** Stands still while one event is decided on, so delays that were computed from it keep their order. */
  readonly clock: Clock;
  /**
   * A fresh source for this event's decision: its numbers depend on (seed, entity, replay hint, how many times
   * that hint has come before) and on nothing else. Ask once per event, and only if chance is needed.
   */
  randomFor(event: Event): Random;
  /**
   * A source whose numbers depend on the seed and the name alone, the same each time it is asked for: for what is
   * about no single event, such as a connection's priority.
   */
  randomNamed(name: string): Random;
  /** A source of its own for anything that is not about one event. */
  readonly random: Random;
  /** Number of CPUs the workload can use. */
  readonly cpuCount: number;
  /** Environment variables, for the few that Namazu gave a meaning. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Runs recorded in the same folder, oldest first; read when first asked for. Default none. */
  readonly history?: readonly EarlierRun[];
  /** Calls back every so many milliseconds until the run ends. */
  every(periodMs: number, tick: () => void): void;
  /** Calls back once, unless the run ends before. */
  after(delayMs: number, tick: () => void): void;
  /** A free-standing action, carried out at once. */
  emit(action: Action): void;
  /** A line for the user. */
  log(line: string): void;
}

/** Answers each event once. Keeps what it wants between events. */
export interface Policy {
  readonly name: string;
  /** An answer at once, or a promise of one: meanwhile the event is held, and other events are decided on. */
  onEvent(event: Event): Answer | PromiseLike<Answer>;
  /** How long a promised answer is waited for before the event is let go. */
  readonly answerWithinMs?: number;
  /** The run is over. What it promises is awaited for a second at most. */
  close?(): unknown;
}

/** A policy that has its answer ready: those on the packets' path. Owns no timer, does no I/O. */
export interface ImmediatePolicy extends Policy {
  onEvent(event: Event): Decision;
}
