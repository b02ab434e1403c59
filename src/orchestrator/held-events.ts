import type { Answer, Decision } from "../policy/index.js";
import type { Action, ActionSink, Event } from "../signal/index.js";
import { type Clock, TimedQueue } from "../util/index.js";
import type { Delivery } from "./delivery.js";
import type { ErrorReporter } from "./error-reporter.js";
import { type Awaited, PromisedAnswers } from "./promised-answers.js";

export interface HeldEventsOptions {
  readonly clock: Clock;
  readonly delivery: Delivery;
  readonly errors: ErrorReporter;
  /** Who is to blame when a promise is broken. */
  readonly policyName: string;
  /** How long a promised answer is waited for. */
  readonly promiseWithinMs: number;
}

interface Held {
  readonly event: Event;
  readonly action: Action;
  readonly sink: ActionSink;
  readonly delayMs: number;
}

/** Events between their arrival and their answer: until it is due, or until the policy has kept its promise of one. */
export class HeldEvents {
  readonly #clock: Clock;
  readonly #delivery: Delivery;
  readonly #errors: ErrorReporter;
  readonly #held: TimedQueue<Held>;
  readonly #promised: PromisedAnswers;
  #delayed = 0;

  constructor({ clock, delivery, errors, policyName, promiseWithinMs }: HeldEventsOptions) {
    this.#clock = clock;
    this.#delivery = delivery;
    this.#errors = errors;
    this.#held = new TimedQueue(clock, ({ event, action, sink, delayMs }) =>
      delivery.answer(event, action, sink, delayMs),
    );
    this.#promised = new PromisedAnswers({
      clock,
      boundMs: promiseWithinMs,
      onAnswer: (item, decision) => this.#answerPromised(item, decision),
      onBroken: (error, event) =>
        errors.report(error, `policy "${policyName}" was deciding on a ${event.class}`),
      onOverdue: (error, event) =>
        errors.report(error, `policy "${policyName}" was awaited on a ${event.class}`),
    });
  }

  /** How many wait now. */
  get size(): number {
    return this.#held.size + this.#promised.size;
  }

  /** How many were held so far. */
  get delayed(): number {
    return this.#delayed;
  }

  /** Answers with the decision's action, its delay after `sinceMs`. */
  hold(event: Event, { action, delayMs }: Decision, sink: ActionSink, sinceMs: number): void {
    if (!this.#retain(event, sink)) return;
    this.#delayed += 1;
    this.#held.push(sinceMs + delayMs, { event, action, sink, delayMs });
  }

  /** Answers when the policy does. */
  await(event: Event, promised: Promise<Answer>, sink: ActionSink): void {
    if (this.#retain(event, sink)) this.#promised.add(event, sink, promised);
    else promised.catch(() => {}); // what it would say comes too late
  }

  /** Accepts everything that waits. */
  release(): void {
    for (const { event, sink, delayMs } of this.#held.drain()) {
      this.#delivery.answer(event, event.defaultAction(), sink, delayMs);
    }
    for (const item of this.#promised.drain()) this.#answerPromised(item, undefined);
  }

  /** False when the event cannot be kept, and was answered for that reason. */
  #retain(event: Event, sink: ActionSink): boolean {
    try {
      event.retain();
      return true;
    } catch (error) {
      this.#errors.report(error, `a ${event.class} was being kept`);
      this.#delivery.answer(event, event.defaultAction(), sink, 0);
      return false;
    }
  }

  #answerPromised({ event, sink, sinceMs }: Awaited, decision: Decision | undefined): void {
    this.#delayed += 1;
    const nowMs = this.#clock.nowMs();
    const delayMs = nowMs - sinceMs;
    if (decision === undefined) this.#delivery.answer(event, event.defaultAction(), sink, delayMs);
    else if (decision.delayMs <= 0) this.#delivery.answer(event, decision.action, sink, delayMs);
    else {
      const { action } = decision;
      this.#held.push(nowMs + decision.delayMs, { event, action, sink, delayMs: delayMs + decision.delayMs });
    }
  }
}
