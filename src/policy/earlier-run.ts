import type { RecordedDecision } from "../signal/index.js";

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

/** What was decided on one event of it. */
export type EarlierDecision = RecordedDecision;
