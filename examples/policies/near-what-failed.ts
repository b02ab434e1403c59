import { definePolicy, duration, probability } from "nmzc";

/**
 * Looks for failures near those that were found: takes one of the earlier runs that failed, and delays again what was delayed
 * in it, except that each decision has a chance to be drawn anew. It needs a folder that runs are recorded in (`--nmz-out`),
 * of one test only; until a run in it has failed, everything is drawn anew.
 */
export const nearWhatFailed = definePolicy({
  name: "near-what-failed",
  summary: "Repeats the delays of an earlier run that failed, some of them changed.",
  params: {
    change: probability(0.2, { meaning: "chance that an event's delay is drawn anew" }),
    late: probability(0.2, { meaning: "chance that one that is drawn anew is late" }),
    maxDelay: duration(100, { meaning: "how late at most" }),
  },
  create({ params, history, randomFor, randomNamed, delay, log }) {
    const failed = history.filter((earlier) => earlier.failed);
    const near = failed[randomNamed("which run").integer(0, failed.length - 1)];
    log(
      near === undefined
        ? `none of ${history.length} earlier runs failed: exploring`
        : `near run ${near.run} (seed ${near.seed}), one of ${failed.length} that failed`,
    );
    const delaysMs = new Map<string, number>();
    for (const { entity, hint, n, delayMs } of near?.decisions() ?? []) {
      delaysMs.set(`${entity} ${hint} ${n}`, delayMs);
    }
    const seen = new Map<string, number>();
    return {
      onEvent(event) {
        // The n-th event with this hint is what it was in the earlier run, whatever its ports and times are now.
        const kind = `${event.entity} ${event.replayHint}`;
        const n = (seen.get(kind) ?? 0) + 1;
        seen.set(kind, n);
        if (!event.deferred) return;
        const random = randomFor(event);
        const earlierMs = delaysMs.get(`${kind} ${n}`);
        const isDrawn = random.next() < params.change || earlierMs === undefined;
        if (!isDrawn) return delay(event, earlierMs);
        const isLate = random.next() < params.late;
        return delay(event, isLate ? random.next() * params.maxDelay : 0);
      },
    };
  },
});
