import type {
  CrashFault,
  FilesystemFault,
  PacketFault,
  ProcessFault,
  SchedAttributes,
} from "../signal/index.js";

/** A run that has ended, of the folder that this one is recorded in too (`--nmz-out`). */
export interface EarlierRun {
  /** Its name, which is its folder's. */
  readonly run: string;
  readonly seed: string;
  /** What ran in it, without the image: a folder may hold runs of many tests. */
  readonly command: readonly string[];
  readonly exitCode: number;
  /** Its exit code was not 0. */
  readonly failed: boolean;
  /** ISO 8601. */
  readonly endedAt: string;
  /**
   * What was decided in it, in the order in which it was done. Read from its trace while it is asked for, and each time anew.
   * Throws NMZ_TRACE_UNREADABLE, NMZ_TRACE_VERSION, NMZ_TRACE_DAMAGED.
   */
  decisions(): Iterable<EarlierDecision>;
}

/** What was decided on one event: the n-th of that entity with that replay hint, in the order of arrival, from 1. */
export interface EarlierDecision {
  readonly entity: string;
  readonly hint: string;
  readonly n: number;
  /** The class of the event. */
  readonly event: string;
  /** How long it was held on purpose, in milliseconds. */
  readonly delayMs: number;
  readonly fault?: PacketFault | FilesystemFault | ProcessFault | CrashFault;
  /** Scheduling attributes, thread by thread in the order of the event's threads. */
  readonly attributes?: readonly (SchedAttributes | undefined)[];
  /** When it came, and when it was answered, in milliseconds since the run's start. */
  readonly arrivedMs: number;
  readonly atMs: number;
}
