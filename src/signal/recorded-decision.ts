import type { SchedAttributes } from "./action.js";
import type { CrashFault, FilesystemFault, PacketFault, ProcessFault } from "./fault.js";

/**
 * What was decided on one event of a recorded run, under the key by which the event is known again: the n-th of that
 * entity with that replay hint, in the order of arrival, from 1.
 */
export interface RecordedDecision {
  readonly entity: string;
  readonly hint: string;
  readonly n: number;
  /** The class of the event. */
  readonly event: string;
  /** How long it was held on purpose, in milliseconds. */
  readonly delayMs: number;
  /** A crash at an event hides what fault it got besides: its caller may be dead by then. */
  readonly fault?: PacketFault | FilesystemFault | ProcessFault | CrashFault;
  /** Scheduling attributes, thread by thread in the order of the event's threads: ids are another run's. Undefined: left alone. */
  readonly attributes?: readonly (SchedAttributes | undefined)[];
  /** When the event came, in milliseconds since the run's start. */
  readonly arrivedMs: number;
  /** When its action was carried out, in milliseconds since the run's start. */
  readonly atMs: number;
  /** What the event was about, in the trace's keys: `src`, `dst`, `op`, `path`, `function`, `birth`, … For words. */
  readonly about: Readonly<Record<string, string | number | boolean>>;
}
