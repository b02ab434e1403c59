import { duration, type ValuesOf } from "../config/index.js";
import { type Event, FilesystemEvent, JavaFunctionEvent, PacketEvent } from "../signal/index.js";
import type { Random } from "../util/index.js";
import type { Answer, Decision, Policy, PolicyContext } from "./policy.js";
import { builtInPolicy } from "./policy-entry.js";
import { type PendingEvent, PendingEvents } from "./pos-pending-events.js";

const params = {
  step: duration(2, {
    isPositive: true,
    meaning: "each so often one event of an entity goes on; those that come meanwhile are its rivals",
  }),
  hold: duration(100, { isPositive: true, meaning: "how long an event that keeps losing is held at most" }),
} as const;

// A step looks at each of them; more only wait when events come faster than steps, where order is settled already.
const maxPending = 1000;
const longestMs = 2 ** 31 - 1;
const usualAnswerWithinMs = 10_000;

type Params = ValuesOf<typeof params>;

interface Held extends PendingEvent {
  readonly random: Random;
  readonly go: (decision: Decision) => void;
  readonly event: Event;
}

/**
 * Small delays that change the order of events as evenly as can be: of those that wait the one with the highest random
 * priority goes on, step by step, and what it was racing draws anew.
 *
 * After partial order sampling: X. Yuan, J. Yang, R. Gu, "Partial Order Aware Concurrency Sampling" (CAV 2018). There a
 * scheduler runs the pending operation of the highest priority, one after another, and the priorities of those that race with
 * it (same memory) are reset, so that who lost one race is as likely as anybody to win the next, while the order of
 * operations that have nothing to do with each other is not drawn again and again. From outside a race is seen by where
 * events go: packets to the same end, operations on the same path, calls of the same function. What is pending is what came
 * while others waited: an entity's events go on one each `step`, and none is held longer than `hold`. Packets of one connection and
 * direction stay in order, as a thread's operations do there: TCP would only wait for the one that is missing.
 *
 * An event's priorities are drawn from the event alone. Who its rivals are depends on what comes at the same time, so the same
 * seed gives the same order only as far as the same events meet; a replay of the recorded run repeats the delays.
 */
export const posPolicy = builtInPolicy<typeof params, Policy>({
  name: "pos",
  summary:
    "Lets the events of an entity go on one each step, that of the highest random priority first; those it was racing (packets to the same end, operations on the same file) draw anew. Leaves threads alone; see `mix`.",
  params,
  check: ({ step, hold }) =>
    hold >= step && hold <= longestMs / 2
      ? undefined
      : {
          path: ["hold"],
          kind: "wrong",
          expected: hold < step ? "at least step" : "at most 12 days",
          got: hold,
        },
  create: (values, context) => new PosPolicy(values, context),
});

class PosPolicy implements Policy {
  readonly name = "pos";
  readonly answerWithinMs: number;
  readonly #context: PolicyContext;
  readonly #params: Params;
  readonly #entities = new Map<string, PendingEvents<Held>>();

  constructor(values: Params, context: PolicyContext) {
    this.#context = context;
    this.#params = values;
    this.answerWithinMs = Math.max(usualAnswerWithinMs, 2 * values.hold);
  }

  onEvent(event: Event): Answer | PromiseLike<Answer> {
    const action = event.defaultAction();
    if (!event.deferred) return { delayMs: 0, action };
    const pending = this.#entities.get(event.entity) ?? this.#open(event.entity);
    if (pending.size >= maxPending) return { delayMs: 0, action };
    const random = this.#context.randomFor(event);
    const dueMs = this.#context.clock.nowMs() + this.#params.hold;
    return new Promise((go) => {
      pending.add({ ...placeOf(event), priority: random.next(), dueMs, random, go, event });
    });
  }

  /** Nothing is kept of an entity that has nothing pending, its timer neither. */
  #open(entity: string): PendingEvents<Held> {
    const pending = new PendingEvents<Held>();
    this.#entities.set(entity, pending);
    this.#stepLater(entity, pending);
    return pending;
  }

  #stepLater(entity: string, pending: PendingEvents<Held>): void {
    this.#context.after(this.#params.step, () => {
      for (const { event, go } of pending.step(this.#context.clock.nowMs())) {
        go({ delayMs: 0, action: event.defaultAction() });
      }
      if (pending.size > 0) this.#stepLater(entity, pending);
      else this.#entities.delete(entity);
    });
  }
}

/** What an event is after, and what it has to stay behind. */
function placeOf(event: Event): Pick<PendingEvent, "race" | "queue"> {
  if (event instanceof PacketEvent) {
    const { srcEntity, dstEntity } = event.source;
    return { race: dstEntity, queue: `${srcEntity}>${dstEntity}` };
  }
  if (event instanceof FilesystemEvent) return { race: event.path, queue: undefined };
  if (event instanceof JavaFunctionEvent) return { race: event.call.functionName, queue: undefined };
  return { race: event.replayHint, queue: undefined };
}
