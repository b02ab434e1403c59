import { type Decision, DecisionStreams, type Policy, type PolicyContext } from "../policy/index.js";
import {
  type Action,
  type ActionSink,
  type Event,
  EventAcceptanceAction,
  NopAction,
  ShellAction,
} from "../signal/index.js";
import { type Clock, systemClock, TimedQueue } from "../util/index.js";
import { ErrorReporter, type OnError } from "./error-reporter.js";

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
  /** What the policy may see of it; default `process.env`. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly observer?: ActionObserver;
  /** Carries out a ShellAction; must not block. */
  readonly runShell?: (command: string) => void;
  /** Once per cause: a policy that throws, a sink that fails. */
  readonly onError?: OnError;
}

export interface OrchestratorCounts {
  /** Events taken. */
  readonly events: number;
  /** How many of them were delayed. */
  readonly delayed: number;
  /** How many wait now. */
  readonly held: number;
  /** Failures of policy, sink or observer, of which each cause was reported once. */
  readonly errors: number;
}

interface Held {
  readonly event: Event;
  readonly action: Action;
  readonly sink: ActionSink;
  readonly delayMs: number;
}

// Node turns a longer period into 1 ms.
const maxTimerMs = 2 ** 31 - 1;

/**
 * Takes events, asks the policy, and hands each action back when it is due. An event never goes unanswered, and never
 * twice: when the policy throws or answers with what is no answer, and for all that is still held at `stop`, the answer
 * is acceptance.
 */
export class Orchestrator {
  readonly #clock: Clock;
  readonly #policy: Policy;
  readonly #held: TimedQueue<Held>;
  readonly #observer: ActionObserver | undefined;
  readonly #runShell: ((command: string) => void) | undefined;
  readonly #errors: ErrorReporter;
  readonly #timers: NodeJS.Timeout[] = [];
  #isEnabled = true;
  #isStopped = false;
  #events = 0;
  #delayed = 0;
  #isDeciding = false;
  /** The policy's time while it decides on one event, read when first asked for: packets at 0/0 never ask. */
  #decisionMs: number | undefined;

  constructor(options: OrchestratorOptions) {
    this.#clock = options.clock ?? systemClock;
    this.#observer = options.observer;
    this.#runShell = options.runShell;
    this.#errors = new ErrorReporter(options.onError);
    this.#held = new TimedQueue(this.#clock, ({ event, action, sink, delayMs }) =>
      this.#answer(event, action, sink, delayMs),
    );
    const streams = new DecisionStreams(options.seed);
    this.#policy = options.createPolicy({
      clock: { nowMs: () => this.#policyNowMs(), wallMs: () => this.#clock.wallMs() },
      random: streams.named("policy"),
      randomFor: (event) => streams.randomFor(event),
      cpuCount: options.cpuCount,
      environment: options.environment ?? process.env,
      every: (periodMs, tick) => this.#every(periodMs, tick),
      emit: (action) => this.#emit(action),
    });
  }

  get counts(): OrchestratorCounts {
    return {
      events: this.#events,
      delayed: this.#delayed,
      held: this.#held.size,
      errors: this.#errors.count,
    };
  }

  get isEnabled(): boolean {
    return this.#isEnabled;
  }

  /** False: every event is accepted at once, unseen by the policy. */
  setEnabled(isEnabled: boolean): void {
    this.#isEnabled = isEnabled;
  }

  submit(event: Event, sink: ActionSink): void {
    this.#events += 1;
    const decision = this.#isEnabled && !this.#isStopped ? this.#decide(event) : undefined;
    if (decision === undefined) this.#answer(event, event.defaultAction(), sink, 0);
    else if (decision.delayMs <= 0) this.#answer(event, decision.action, sink, 0);
    else this.#hold(event, decision, sink);
  }

  /** Everything held is answered now, with acceptance, and later events are accepted at once. Idempotent. */
  stop(): void {
    this.#isStopped = true;
    for (const timer of this.#timers.splice(0)) clearInterval(timer);
    for (const { event, sink, delayMs } of this.#held.drain()) {
      this.#answer(event, event.defaultAction(), sink, delayMs);
    }
  }

  #hold(event: Event, { action, delayMs }: Decision, sink: ActionSink): void {
    try {
      event.retain();
    } catch (error) {
      this.#errors.report(error, `a ${event.class} was being kept`);
      this.#answer(event, event.defaultAction(), sink, 0);
      return;
    }
    this.#delayed += 1;
    this.#held.push((this.#decisionMs ?? this.#clock.nowMs()) + delayMs, { event, action, sink, delayMs });
  }

  #decide(event: Event): Decision | undefined {
    // A sink may send the next event while it takes an answer, but no policy can: decisions do not nest.
    this.#isDeciding = true;
    this.#decisionMs = undefined;
    try {
      const decision = this.#policy.onEvent(event);
      // Whole and for this event, or it is no answer; NaN would never come due.
      if (decision?.action?.event === event && Number.isFinite(decision.delayMs)) return decision;
      if (decision instanceof Promise) decision.catch(() => {}); // what it would say comes too late
      throw new TypeError("its answer is no decision on that event (an action for it and a finite delayMs)");
    } catch (error) {
      this.#errors.report(error, `policy "${this.#policy.name}" was deciding on a ${event.class}`);
      return undefined;
    } finally {
      this.#isDeciding = false;
    }
  }

  #policyNowMs(): number {
    if (!this.#isDeciding) return this.#clock.nowMs();
    this.#decisionMs ??= this.#clock.nowMs();
    return this.#decisionMs;
  }

  #answer(event: Event, action: Action, sink: ActionSink, delayMs: number): void {
    try {
      if (action.isDelivered) sink.deliver(event, action);
      else if (event.deferred) sink.deliver(event, new EventAcceptanceAction(event));
    } catch (error) {
      this.#errors.report(error, `a ${action.class} was being delivered`);
    }
    this.#observe(action, delayMs);
  }

  #emit(action: Action): void {
    try {
      if (action instanceof ShellAction) this.#runShell?.(action.command);
      else if (!(action instanceof NopAction)) throw new Error(`a ${action.class} answers no event`);
    } catch (error) {
      this.#errors.report(error, `a ${action.class} was being carried out`);
      return;
    }
    this.#observe(action, 0);
  }

  #observe(action: Action, delayMs: number): void {
    if (this.#observer === undefined) return;
    try {
      this.#observer.onAction(action, delayMs);
    } catch (error) {
      this.#errors.report(error, `a ${action.class} was being recorded`);
    }
  }

  #every(periodMs: number, tick: () => void): void {
    if (this.#isStopped) return;
    const guarded = (): void => {
      try {
        tick();
      } catch (error) {
        this.#errors.report(error, `policy "${this.#policy.name}" had its timer called`);
      }
    };
    this.#timers.push(setInterval(guarded, Math.min(periodMs, maxTimerMs)).unref());
  }
}
