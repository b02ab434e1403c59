/** What the receiving thread is given. */
export interface QueueWorkerData {
  readonly controlBuffer: SharedArrayBuffer;
  readonly ringBuffer: SharedArrayBuffer;
}

/** Control words shared with it. `socket` is -1 until there is one; `stop` is 1 when it shall end. */
export const control = { socket: 0, stop: 1 } as const;
export const controlBytes = 8;
