import type { Arm } from "../format/index.js";
import type { RunVerdict } from "../judge-run.js";

/** One run that is to be made. */
export interface RunOrder {
  readonly run: number;
  readonly arm: Arm;
  readonly seed: string;
  /** The name of what --tune chose; undefined without, and for plain runs. */
  readonly choice: string | undefined;
  /** Absolute, made and empty: for its output, its result files and its record. */
  readonly folder: string;
}

/** How it went. */
export type MadeRun = {
  /** Called once, when it is known whether the folder stays: keeps what belongs there, removes what belongs nowhere. */
  readonly finish?: (isKept: boolean) => Promise<void>;
} & (
  | {
      readonly kind: "ended";
      /** The workload's own. */
      readonly exitCode: number;
      readonly durationMs: number;
      readonly verdict: RunVerdict;
    }
  | { readonly kind: "timeout"; readonly durationMs: number }
  | {
      /** It could not be made. */
      readonly kind: "error";
      readonly durationMs: number;
      readonly error: unknown;
      /** Nobody can make one until there is an engine again. */
      readonly isEngineGone?: boolean;
    }
  /** It was ended because `endNow` was aborted. */
  | { readonly kind: "interrupted" }
);

/**
 * Makes one run, and leaves nothing of it but its folder. Aborting `endNow` ends it early. Throws what makes further runs
 * pointless (a full disk); a run that fails to be made is an "error".
 */
export type MakeRun = (order: RunOrder, endNow: AbortSignal) => Promise<MadeRun>;
