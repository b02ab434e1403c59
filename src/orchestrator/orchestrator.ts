import {
  type Answer,
  type Decision,
  DecisionStreams,
  type FaultRuleReport,
  type FaultRules,
  type Policy,
} from "../policy/index.js";
import type { ActionObserver } from "../record/index.js";
import {
  type Action,
  type ActionSink,
  type Event,
  EventAcceptanceAction,
  NopAction,
  ShellAction,
} from "../signal/index.js";
import { type Clock, systemClock, TimedQueue } from "../util/index.js";
import { ErrorReporter } from "./error-reporter.js";
import type { OrchestratorCounts, OrchestratorOptions } from "./orchestrator-options.js";
import { PolicyLog } from "./policy-log.js";
import { PolicyTimers } from "./policy-timers.js";
import { type Awaited, decisionOn, isPromised, notADecision, PromisedAnswers } from "./promised-answers.js";

interface Held {
  readonly event: Event;
  readonly action: Action;
  readonly sink: ActionSink;
  readonly delayMs: number;
}

// A policy that takes longer hangs, and most protocols have given up by then.
const answerWithinMs = 10_000;
// Node turns a longer timer into 1 ms.
const maxTimerMs = 2 ** 31 - 1;
const closeWithinMs = 1000;

/**
 * Takes events, asks the policy, and hands each action back when it is due. An event never goes unanswered, and never
 * twice: when the policy throws, answers with what is no answer, or does not keep its promise of one in time, and for all
 * that is still held at `stop`, the answer is acceptance.
 */
export class Orchestrator {
  readonly #clock: Clock;
  readonly #policy: Policy;
  readonly #faultRules: FaultRules | undefined;
  readonly #held: TimedQueue<Held>;
  readonly #promised: PromisedAnswers;
  readonly #observer: ActionObserver | undefined;
  readonly #hearsEvents: boolean;
  readonly #runShell: ((command: string) => void) | undefined;
  readonly #errors: ErrorReporter;
  readonly #timers: PolicyTimers;
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
    this.#hearsEvents = options.observer?.onEvent !== undefined;
    this.#runShell = options.runShell;
    this.#errors = new ErrorReporter(options.onError);
    this.#timers = new PolicyTimers((error) =>
      this.#errors.report(error, `policy "${this.#policy.name}" had its timer called`),
    );
    this.#held = new TimedQueue(this.#clock, ({ event, action, sink, delayMs }) =>
      this.#answer(event, action, sink, delayMs),
    );
    const log = new PolicyLog(options.onLog);
    const streams = new DecisionStreams(options.seed, options.keys);
    this.#faultRules = options.faultRules;
    const policy = options.createPolicy({
      clock: { nowMs: () => this.#policyNowMs(), wallMs: () => this.#clock.wallMs() },
      random: streams.named("policy"),
      randomFor: (event) => streams.randomFor(event),
      randomNamed: (name) => streams.named(`named ${name}`),
      cpuCount: options.cpuCount,
      environment: options.environment ?? process.env,
      get history() {
        return options.history?.() ?? [];
      },
      every: (periodMs, tick) => this.#timers.every(periodMs, tick),
      after: (delayMs, tick) => this.#timers.after(delayMs, tick),
      emit: (action) => this.#emit(action),
      // It may speak while it is being made.
      log: (line) => log.say((this.#policy as Policy | undefined)?.name, line),
    });
    this.#policy = this.#faultRules?.around(policy) ?? policy;
    this.#promised = new PromisedAnswers({
      clock: this.#clock,
      boundMs: Math.min(this.#policy.answerWithinMs ?? answerWithinMs, maxTimerMs),
      onAnswer: (item, decision) => this.#answerPromised(item, decision),
      onBroken: (error, event) => this.#policyFailed(error, event),
      onOverdue: (error, event) =>
        this.#errors.report(error, `policy "${this.#policy.name}" was awaited on a ${event.class}`),
    });
  }

  get counts(): OrchestratorCounts {
    return {
      events: this.#events,
      delayed: this.#delayed,
      held: this.#held.size + this.#promised.size,
      errors: this.#errors.count,
    };
  }

  /** What became of each fault rule so far. */
  get faultRules(): readonly FaultRuleReport[] {
    return this.#faultRules?.report() ?? [];
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
    if (this.#hearsEvents) this.#hear(event);
    const decision = this.#isEnabled && !this.#isStopped ? this.#decide(event) : undefined;
    if (decision === undefined) this.#answer(event, event.defaultAction(), sink, 0);
    else if (decision instanceof Promise) this.#await(event, decision, sink);
    else if (decision.delayMs <= 0) this.#answer(event, decision.action, sink, 0);
    else this.#hold(event, decision, sink);
  }

  /** Everything held is answered now, with acceptance, and later events are accepted at once. Idempotent. */
  stop(): void {
    this.#isStopped = true;
    this.#timers.stop();
    for (const { event, sink, delayMs } of this.#held.drain()) {
      this.#answer(event, event.defaultAction(), sink, delayMs);
    }
    for (const item of this.#promised.drain()) this.#answerPromised(item, undefined);
  }

  /** Tells the policy that the run is over, and waits for what it promises, a second at most. */
  async closePolicy(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const bound = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, closeWithinMs);
    });
    try {
      await Promise.race([this.#policy.close?.(), bound]);
    } catch (error) {
      this.#errors.report(error, `policy "${this.#policy.name}" was being closed`);
    } finally {
      clearTimeout(timer);
    }
  }

  #hold(event: Event, { action, delayMs }: Decision, sink: ActionSink): void {
    if (!this.#retain(event, sink)) return;
    this.#delayed += 1;
    this.#held.push((this.#decisionMs ?? this.#clock.nowMs()) + delayMs, { event, action, sink, delayMs });
  }

  #await(event: Event, promised: Promise<Answer>, sink: ActionSink): void {
    if (this.#retain(event, sink)) this.#promised.add(event, sink, promised);
    else promised.catch(() => {}); // what it would say comes too late
  }

  /** False when the event cannot be kept, and was answered for that reason. */
  #retain(event: Event, sink: ActionSink): boolean {
    try {
      event.retain();
      return true;
    } catch (error) {
      this.#errors.report(error, `a ${event.class} was being kept`);
      this.#answer(event, event.defaultAction(), sink, 0);
      return false;
    }
  }

  #answerPromised({ event, sink, sinceMs }: Awaited, decision: Decision | undefined): void {
    this.#delayed += 1;
    const nowMs = this.#clock.nowMs();
    const delayMs = nowMs - sinceMs;
    if (decision === undefined) this.#answer(event, event.defaultAction(), sink, delayMs);
    else if (decision.delayMs <= 0) this.#answer(event, decision.action, sink, delayMs);
    else {
      const { action } = decision;
      this.#held.push(nowMs + decision.delayMs, { event, action, sink, delayMs: delayMs + decision.delayMs });
    }
  }

  #decide(event: Event): Decision | Promise<Answer> | undefined {
    // A sink may send the next event while it takes an answer, but no policy can: decisions do not nest.
    this.#isDeciding = true;
    this.#decisionMs = undefined;
    try {
      const answer = this.#policy.onEvent(event);
      if (answer === undefined) return undefined;
      const decision = decisionOn(event, answer);
      if (decision === undefined && !isPromised(answer)) throw notADecision();
      // The policy may have ended everything while it decided: what is held from now on nobody would let go.
      if (this.#isStopped) {
        if (decision === undefined) Promise.resolve(answer).catch(() => {});
        return undefined;
      }
      return decision ?? Promise.resolve(answer as PromiseLike<Answer>);
    } catch (error) {
      this.#policyFailed(error, event);
      return undefined;
    } finally {
      this.#isDeciding = false;
    }
  }

  #policyFailed(error: unknown, event: Event): void {
    this.#errors.report(error, `policy "${this.#policy.name}" was deciding on a ${event.class}`);
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

  #hear(event: Event): void {
    try {
      this.#observer?.onEvent?.(event);
    } catch (error) {
      this.#errors.report(error, `a ${event.class} was being recorded`);
    }
  }

  #observe(action: Action, delayMs: number): void {
    if (this.#observer === undefined) return;
    try {
      this.#observer.onAction(action, delayMs);
    } catch (error) {
      this.#errors.report(error, `a ${action.class} was being recorded`);
    }
  }
}
