import {
  type Answer,
  type Decision,
  DecisionStreams,
  type FaultRuleReport,
  type FaultRules,
  type Policy,
} from "../policy/index.js";
import type { ActionSink, Event } from "../signal/index.js";
import { type Clock, isDoneWithin, systemClock } from "../util/index.js";
import type { CrashSites } from "./crash-sites.js";
import { Delivery } from "./delivery.js";
import { ErrorReporter } from "./error-reporter.js";
import { HeldEvents } from "./held-events.js";
import type { OrchestratorCounts, OrchestratorOptions } from "./orchestrator-options.js";
import { PolicyLog } from "./policy-log.js";
import { PolicyTimers } from "./policy-timers.js";
import { decisionOn, isPromised, notADecision } from "./promised-answers.js";

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
  readonly #delivery: Delivery;
  readonly #held: HeldEvents;
  readonly #errors: ErrorReporter;
  readonly #timers: PolicyTimers;
  #isEnabled = true;
  #isStopped = false;
  #events = 0;
  #isDeciding = false;
  /** The policy's time while it decides on one event, read when first asked for: packets at 0/0 never ask. */
  #decisionMs: number | undefined;

  constructor(options: OrchestratorOptions) {
    this.#clock = options.clock ?? systemClock;
    this.#errors = new ErrorReporter(options.onError);
    const { observer, runShell } = options;
    this.#delivery = new Delivery({ observer, runShell, errors: this.#errors });
    this.#timers = new PolicyTimers((error) =>
      this.#errors.report(error, `policy "${this.#policy.name}" had its timer called`),
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
      emit: (action) => this.#delivery.emit(action),
      // It may speak while it is being made.
      log: (line) => log.say((this.#policy as Policy | undefined)?.name, line),
    });
    this.#policy = this.#faultRules?.around(policy) ?? policy;
    this.#held = new HeldEvents({
      clock: this.#clock,
      delivery: this.#delivery,
      errors: this.#errors,
      policyName: this.#policy.name,
      promiseWithinMs: Math.min(this.#policy.answerWithinMs ?? answerWithinMs, maxTimerMs),
    });
  }

  /** Who can lose what was never synced: inspectors offer it, policies and `POST /control` ask for it. */
  get crashes(): CrashSites {
    return this.#delivery.crashes;
  }

  get counts(): OrchestratorCounts {
    return {
      events: this.#events,
      delayed: this.#held.delayed,
      held: this.#held.size,
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
    this.#delivery.hear(event);
    const decision = this.#isEnabled && !this.#isStopped ? this.#decide(event) : undefined;
    if (decision === undefined) this.#delivery.answer(event, event.defaultAction(), sink, 0);
    else if (decision instanceof Promise) this.#held.await(event, decision, sink);
    else if (decision.delayMs <= 0) this.#delivery.answer(event, decision.action, sink, 0);
    else this.#held.hold(event, decision, sink, this.#decisionMs ?? this.#clock.nowMs());
  }

  /** Everything held is answered now, with acceptance, and later events are accepted at once. Idempotent. */
  stop(): void {
    this.#isStopped = true;
    this.#timers.stop();
    this.#held.release();
  }

  /** Tells the policy that the run is over, and waits for what it promises, a second at most. */
  async closePolicy(): Promise<void> {
    try {
      await isDoneWithin(Promise.resolve(this.#policy.close?.()), closeWithinMs);
    } catch (error) {
      this.#errors.report(error, `policy "${this.#policy.name}" was being closed`);
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
}
