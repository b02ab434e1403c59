import type { FollowTarget } from "./birth-filter.js";

/** Words of shared memory between the main thread and the worker. */
export const controlWords = { isStopping: 0, targetVersion: 1, eventsSeen: 2, losses: 3 } as const;
export const controlWordCount = 4;

export interface ProcEventsWorkerData {
  readonly ring: SharedArrayBuffer;
  readonly control: SharedArrayBuffer;
}

/** Worker → main, once: it listens, or it cannot. */
export type ProcEventsReady =
  | { readonly kind: "listening"; readonly fd: number; readonly port: number }
  | { readonly kind: "failed"; readonly message: string };

/** Main → worker; read when `targetVersion` changes. */
export interface ProcEventsFollow {
  readonly target: FollowTarget;
}

/** A record of the ring: three 32-bit words tid, tgid, parent tgid. Tid 0: events were lost. */
export const birthRecordBytes = 12;
