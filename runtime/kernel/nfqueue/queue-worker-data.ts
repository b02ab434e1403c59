/** What the waiting thread is given. */
export interface QueueWorkerData {
  readonly controlBuffer: SharedArrayBuffer;
}

/** Control words shared with it. `socket` is -1 until there is one; `stop` is 1 when it shall end. */
export const control = { socket: 0, stop: 1, turn: 2 } as const;
export const controlBytes = 12;

/** Whose turn it is: the deciding thread reads the socket, or the other waits for something to be there. */
export const turn = { reading: 0, waiting: 1 } as const;
