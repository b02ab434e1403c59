import type { CrashSite } from "../signal/index.js";
import type { Transceiver } from "./transceiver.js";

/** `away`: no orchestrator answers, events are accepted unseen. */
export type TransceiverState = "connecting" | "connected" | "away" | "closed";

export interface TransceiverCounts {
  /** Events that were sent through it. */
  readonly events: number;
  /** Answered by the orchestrator. */
  readonly answered: number;
  /** Deferred events that were accepted because there was no answer to be had. */
  readonly acceptedUnseen: number;
  /** Deferred events that wait now. */
  readonly waiting: number;
  /** Actions for events that do not wait (any more). */
  readonly ignored: number;
  /** How often a connection was lost. */
  readonly outages: number;
}

/** A transceiver whose orchestrator is another process. */
export interface RemoteTransceiver extends Transceiver {
  readonly state: TransceiverState;
  /** Which wire is in use; undefined while there is none. */
  readonly wire: "rest" | "stream" | undefined;
  readonly counts: TransceiverCounts;
  /** Announces over each connection who can lose what was never synced; over REST that cannot be said, which is told once. */
  offerCrash(site: CrashSite): void;
  /** Accepts everything that waits; later events are accepted at once. Idempotent. */
  close(): Promise<void>;
}
