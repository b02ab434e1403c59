import type { Crashes, EventIntake } from "../signal/index.js";

/** What an endpoint may ask of, and do to, whoever answers events. The orchestrator is one. */
export interface Control extends EventIntake {
  /** False: every event is accepted at once, unseen by the policy. */
  setEnabled(isEnabled: boolean): void;
  readonly isEnabled: boolean;
  readonly counts: {
    readonly events: number;
    readonly delayed: number;
    readonly held: number;
    readonly errors: number;
  };
  /** Missing: it can make no file system crash. */
  readonly crashes?: Crashes;
}

/** An endpoint that listens. */
export interface Endpoint {
  /** As a client would name it: `http://127.0.0.1:10080`, `127.0.0.1:10000`. */
  readonly address: string;
  readonly port: number;
  /**
   * Takes no more events, hands over what has been answered as long as clients fetch it, lets go of them all within five
   * seconds. Idempotent.
   */
  close(): Promise<void>;
}
