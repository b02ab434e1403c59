import type { HttpLimits } from "../http/index.js";
import type { EntityQueues } from "./entity-queues.js";

const lookEveryMs = 5;

/**
 * Resolves when every action has been deleted, or nobody deletes any more, or the time is over. A look counts, not the
 * clock: while the machine is too busy to let us look, clients cannot get on either.
 */
export function drained(
  queues: EntityQueues,
  { drainMs, drainIdleMs }: Pick<HttpLimits, "drainMs" | "drainIdleMs">,
): Promise<void> {
  return new Promise((resolve) => {
    const startMs = performance.now();
    let left = queues.counts.waitingActions;
    let idleLooks = 0;
    const look = (): void => {
      const { waitingActions } = queues.counts;
      idleLooks = waitingActions === left ? idleLooks + 1 : 0;
      left = waitingActions;
      const isOver = performance.now() - startMs >= drainMs || idleLooks * lookEveryMs >= drainIdleMs;
      if (left === 0 || isOver) resolve();
      else setTimeout(look, lookEveryMs);
    };
    look();
  });
}
