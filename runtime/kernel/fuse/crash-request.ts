import type { FilesystemLoss } from "./filesystem-server.js";
import type { Session } from "./session.js";

/**
 * A crash, as the main thread asks the serving thread for it. First it asks which files are open for writing, and makes
 * the kernel write back what programs changed through mappings of them; only then is everything dropped.
 */
export const crashStep = { none: 0, listWritable: 1, drop: 2 } as const;

export interface CrashAnswer extends FilesystemLoss {
  /** Nodes of which the kernel must drop what it has cached. */
  readonly nodeIds: readonly number[];
}

export function createCrashRequest(): SharedArrayBuffer {
  return new SharedArrayBuffer(4);
}

/** Does what was asked for since the last call, on the serving thread, between two requests. */
export function takeCrashRequest({ data, files, unsynced }: Session): CrashAnswer | undefined {
  if (data.crashRequest === undefined || unsynced === undefined) return undefined;
  const step = Atomics.exchange(new Int32Array(data.crashRequest), 0, crashStep.none);
  if (step === crashStep.none) return undefined;
  if (step === crashStep.drop) return unsynced.crash();
  const nodeIds = [...new Set([...files.writableNodes()].map(({ id }) => id))];
  return { nodeIds, lost: [], failed: [] };
}
