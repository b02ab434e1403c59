import { type Decision, DecisionStreams, type Policy, type PolicyContext } from "../policy/index.js";
import { type Action, type Event, EventAcceptanceAction, NopAction, ShellAction } from "../signal/index.js";
import type { ActionSink } from "../transceiver/index.js";
import { type Clock, systemClock, TimedQueue } from "../util/index.js";

/** Told of each action at the moment it is carried out; src/orchestrator/trace-writer.ts is one. */
export interface ActionObserver {
  /** `delayMs` is how long the event was held on purpose. */
  onAction(action: Action, delayMs: number): void;
}

export interface OrchestratorOptions {
  readonly seed: string;
  readonly createPolicy: (context: PolicyContext) => Policy;
  readonly clock?: Clock;
  readonly cpuCount: number;
  readonly observer?: ActionObserver;
  /** Carries out a ShellAction; must not block. */
  readonly runShell?: (command: string) => void;
  /** Once per cause: a policy that throws, a sink that fails. */
  readonly onError?: (error: unknown, while_: string) => void;
}

interface Held {
  readonly event: Event | undefined;
  readonly action: Action;
  readonly sink: ActionSink | undefined;
  readonly delayMs: number;
}

/**
 * Takes events, asks the policy, and hands each action back when it is due. An event never goes unanswered: when
 * the policy throws, and for all that is still held at `stop`, the answer is acceptance.
 */
export class Orchestrator {
  readonly #clock: Clock;
  readonly #policy: Policy;
  readonly #held: TimedQueue<Held>;
  readonly #observer: ActionObserver | undefined;
  readonly #runShell: ((command: string) => void) | undefined;
  readonly #onError: (error: unknown, while_: string) => void;
  readonly #reported = new Set<string>();
  readonly #timers: NodeJS.Timeout[] = [];
  #isEnabled = true;
  #isStopped = false;
  #events = 0;
  #delayed = 0;

  constructor(options: OrchestratorOptions) {
    this.#clock = options.clock ?? systemClock;
    this.#observer = options.observer;
    this.#runShell = options.runShell;
    this.#onError = options.onError ?? (() => {});
    this.#held = new TimedQueue(this.#clock, (held) => this.#carryOut(held));
    const streams = new DecisionStreams(options.seed);
    this.#policy = options.createPolicy({
      clock: this.#clock,
      random: streams.named("policy"),
      randomFor: (event) => streams.randomFor(event),
      cpuCount: options.cpuCount,
      every: (periodMs, tick) => {
        this.#timers.push(setInterval(() => this.#guarded(tick), periodMs).unref());
      },
      emit: (action) => this.#carryOut({ event: undefined, action, sink: undefined, delayMs: 0 }),
    });
  }

  /** Events taken, how many of them were delayed, and how many wait now. */
  get counts(): { readonly events: number; readonly delayed: number; readonly held: number } {
    return { events: this.#events, delayed: this.#delayed, held: this.#held.size };
  }

  /** False: every event is accepted at once, unseen by the policy. */
  setEnabled(isEnabled: boolean): void {
    this.#isEnabled = isEnabled;
  }

  submit(event: Event, sink: ActionSink): void {
    this.#events += 1;
    const decision = this.#isEnabled && !this.#isStopped ? this.#decide(event) : undefined;
    if (decision === undefined) {
      this.#carryOut({ event, action: event.defaultAction(), sink, delayMs: 0 });
    } else if (decision.delayMs <= 0) {
      this.#carryOut({ event, action: decision.action, sink, delayMs: 0 });
    } else {
      event.retain();
      this.#delayed += 1;
      const { action, delayMs } = decision;
      this.#held.push(this.#clock.nowMs() + delayMs, { event, action, sink, delayMs });
    }
  }

  /** Everything held is answered now, with acceptance, and later events are accepted at once. */
  stop(): void {
    this.#isStopped = true;
    for (const timer of this.#timers.splice(0)) clearInterval(timer);
    for (const held of this.#held.drain()) {
      this.#carryOut(held.event === undefined ? held : { ...held, action: held.event.defaultAction() });
    }
  }

  #decide(event: Event): Decision | undefined {
    try {
      return this.#policy.onEvent(event);
    } catch (error) {
      this.#report(error, `policy "${this.#policy.name}" was deciding on a ${event.class}`);
      return undefined;
    }
  }

  #carryOut(held: Held): void {
    const { event, action, sink, delayMs } = held;
    try {
      if (action instanceof ShellAction) this.#runShell?.(action.command);
      else if (action.isDelivered && event !== undefined) sink?.deliver(event, action);
      else if (event?.deferred) sink?.deliver(event, new EventAcceptanceAction(event));
      else if (!(action instanceof NopAction)) throw new Error(`a ${action.class} answers no event`);
    } catch (error) {
      this.#report(error, `a ${action.class} was being delivered`);
    }
    this.#observer?.onAction(action, delayMs);
  }

  #guarded(tick: () => void): void {
    try {
      tick();
    } catch (error) {
      this.#report(error, `policy "${this.#policy.name}" had its timer called`);
    }
  }

  #report(error: unknown, while_: string): void {
    if (this.#reported.has(while_)) return;
    this.#reported.add(while_);
    this.#onError(error, while_);
  }
}
