import type { Answer, Decision } from "../policy/index.js";
import { Action, type ActionSink, type Event } from "../signal/index.js";
import { type Clock, formatDurationMs } from "../util/index.js";

/** An event whose answer the policy has promised. */
export interface Awaited {
  readonly event: Event;
  readonly sink: ActionSink;
  readonly sinceMs: number;
}

export interface PromisedAnswersOptions {
  readonly clock: Clock;
  /** How long a promise is waited for. */
  readonly boundMs: number;
  /** Called once for each event: with the decision, or without when it goes on unshaken. */
  readonly onAnswer: (item: Awaited, decision: Decision | undefined) => void;
  /** A promise was broken, or kept with what is no answer; the event goes on, or already did. */
  readonly onBroken: (error: unknown, event: Event) => void;
  /** A promise was given up on; the event goes on. */
  readonly onOverdue: (error: Error, event: Event) => void;
}

/**
 * Events that wait for an answer which the policy has promised: kept, broken, or given up on after a bound, each exactly
 * once. One timer for all of them; an event that was answered costs nothing any more.
 */
export class PromisedAnswers {
  readonly #options: PromisedAnswersOptions;
  /** In order of arrival, which is the order of due times. */
  readonly #dueMs = new Map<Awaited, number>();
  #timer: NodeJS.Timeout | undefined;
  #isDrained = false;

  constructor(options: PromisedAnswersOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#dueMs.size;
  }

  add(event: Event, sink: ActionSink, promised: PromiseLike<Answer>): void {
    const { clock, boundMs } = this.#options;
    const sinceMs = clock.nowMs();
    const item = { event, sink, sinceMs };
    this.#dueMs.set(item, sinceMs + boundMs);
    this.#timer ??= setTimeout(this.#sweep, boundMs);
    // Resolved anew: a promise of somebody else's making may call back twice, or at once.
    Promise.resolve(promised).then(
      (answer) => this.#keep(item, answer),
      (error) => this.#break(item, error),
    );
  }

  /** Takes out everything that waits; what is promised comes too late from now on. */
  drain(): Awaited[] {
    this.#isDrained = true;
    const items = [...this.#dueMs.keys()];
    this.#dueMs.clear();
    this.#disarm();
    return items;
  }

  #keep(item: Awaited, answer: Answer): void {
    if (!this.#take(item)) return; // too late, which was said when it was given up
    let decision: Decision | undefined;
    try {
      decision = decisionOn(item.event, answer);
      if (decision === undefined && answer !== undefined) throw notADecision();
    } catch (error) {
      this.#options.onBroken(error, item.event);
    }
    this.#options.onAnswer(item, decision);
  }

  #break(item: Awaited, error: unknown): void {
    const wasWaiting = this.#take(item);
    if (!this.#isDrained) this.#options.onBroken(error, item.event);
    if (wasWaiting) this.#options.onAnswer(item, undefined);
  }

  readonly #sweep = (): void => {
    this.#timer = undefined;
    const { clock, boundMs, onAnswer, onOverdue } = this.#options;
    const nowMs = clock.nowMs();
    for (const [item, dueMs] of this.#dueMs) {
      if (dueMs > nowMs) {
        this.#timer = setTimeout(this.#sweep, Math.ceil(dueMs - nowMs));
        return;
      }
      this.#dueMs.delete(item);
      onOverdue(new Error(`it gave no answer within ${formatDurationMs(boundMs)}`), item.event);
      onAnswer(item, undefined);
    }
  };

  /** False when somebody has answered already. */
  #take(item: Awaited): boolean {
    const wasThere = this.#dueMs.delete(item);
    if (this.#dueMs.size === 0) this.#disarm();
    return wasThere;
  }

  #disarm(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}

/**
 * The answer as the decision that it is: whole and for this event, or it is none; a delay of NaN would never come due.
 * Everything of it is looked at once, here: one that changes from look to look, or throws, does so now.
 */
export function decisionOn(event: Event, answer: unknown): Decision | undefined {
  const { action, delayMs } = (answer ?? {}) as Partial<Decision>;
  if (!(action instanceof Action) || typeof action.isDelivered !== "boolean") return undefined;
  return action.event === event && Number.isFinite(delayMs) ? { action, delayMs: delayMs! } : undefined;
}

export function isPromised(value: unknown): value is PromiseLike<Answer> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === "function";
}

export function notADecision(): TypeError {
  return new TypeError("its answer is no decision on that event (an action for it and a finite delayMs)");
}
