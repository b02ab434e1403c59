import type { HttpLimits } from "../http/index.js";
import type { EntityQueues } from "./entity-queues.js";

const lookEveryMs = 5;

/** Resolves when every action has been fetched, or nobody fetches any more, or the time is over. */
export function drained(
  queues: EntityQueues,
  { drainMs, drainIdleMs }: Pick<HttpLimits, "drainMs" | "drainIdleMs">,
): Promise<void> {
  return new Promise((resolve) => {
    const startMs = performance.now();
    let lastFetchMs = startMs;
    let { fetches } = queues.counts;
    const look = (): void => {
      const nowMs = performance.now();
      const { counts } = queues;
      if (counts.fetches !== fetches) lastFetchMs = nowMs;
      fetches = counts.fetches;
      const isOver = nowMs - startMs >= drainMs || nowMs - lastFetchMs >= drainIdleMs;
      if (counts.waitingActions === 0 || isOver) resolve();
      else setTimeout(look, lookEveryMs);
    };
    look();
  });
}
