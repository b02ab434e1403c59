import type { ActionObserver } from "../record/index.js";
import {
  type Action,
  type ActionSink,
  type Event,
  EventAcceptanceAction,
  FilesystemCrashAction,
  NopAction,
  ShellAction,
} from "../signal/index.js";
import { CrashSites } from "./crash-sites.js";
import type { ErrorReporter } from "./error-reporter.js";

export interface DeliveryOptions {
  readonly observer?: ActionObserver | undefined;
  readonly runShell?: ((command: string) => void) | undefined;
  readonly errors: ErrorReporter;
}

/** Carries actions out, and tells the observer. Whatever throws on the way is reported, and stops nothing else. */
export class Delivery {
  readonly #observer: ActionObserver | undefined;
  readonly #hearsEvents: boolean;
  readonly #runShell: ((command: string) => void) | undefined;
  readonly #errors: ErrorReporter;
  readonly crashes = new CrashSites((action, delayMs) => this.#observe(action, delayMs));

  constructor({ observer, runShell, errors }: DeliveryOptions) {
    this.#observer = observer;
    this.#hearsEvents = observer?.onEvent !== undefined;
    this.#runShell = runShell;
    this.#errors = errors;
  }

  /** Tells of an event that has come. */
  hear(event: Event): void {
    if (!this.#hearsEvents) return;
    try {
      this.#observer?.onEvent?.(event);
    } catch (error) {
      this.#errors.report(error, `a ${event.class} was being recorded`);
    }
  }

  /** The event's one answer. `delayMs` is how long it was held on purpose. */
  answer(event: Event, decided: Action, sink: ActionSink, delayMs: number): void {
    let action = decided;
    if (action instanceof FilesystemCrashAction) {
      this.#crash(action, delayMs);
      action = event.defaultAction();
    }
    try {
      if (action.isDelivered) sink.deliver(event, action);
      else if (event.deferred) sink.deliver(event, new EventAcceptanceAction(event));
    } catch (error) {
      this.#errors.report(error, `a ${action.class} was being delivered`);
    }
    this.#observe(action, delayMs);
  }

  /** An action that answers nothing. */
  emit(action: Action): void {
    try {
      if (action instanceof FilesystemCrashAction) {
        this.#crash(action);
        return;
      }
      if (action instanceof ShellAction) this.#runShell?.(action.command);
      else if (!(action instanceof NopAction)) throw new Error(`a ${action.class} answers no event`);
    } catch (error) {
      this.#errors.report(error, `a ${action.class} was being carried out`);
      return;
    }
    this.#observe(action, 0);
  }

  /** After what the policy answers in the same call, which the workload still sees done. */
  #crash(action: FilesystemCrashAction, delayMs = 0): void {
    const failed = (error: unknown) => this.#errors.report(error, `a ${action.class} was being carried out`);
    try {
      const crashNow = this.crashes.prepare(action, delayMs);
      queueMicrotask(() => void crashNow().catch(failed));
    } catch (error) {
      failed(error);
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
