import type { Control } from "../../../src/endpoint/index.js";
import { type ActionSink, type Event, JavaFunctionEvent } from "../../../src/signal/index.js";

/** Answers each event, after as many milliseconds as `delayMs` says; `hold` keeps all that come. */
export class RecordingControl implements Control {
  readonly isEnabled = true;
  readonly counts = { events: 0, delayed: 0, held: 0, errors: 0 };
  readonly events: JavaFunctionEvent[] = [];
  isHolding = false;
  mostWaiting = 0;
  #waiting = 0;
  readonly #delayMs: () => number;

  constructor(delayMs: () => number = () => 0) {
    this.#delayMs = delayMs;
  }

  setEnabled(): void {}

  submit(event: Event, sink: ActionSink): void {
    if (!(event instanceof JavaFunctionEvent)) throw new Error(`a ${event.class} came from a JVM`);
    this.events.push(event);
    if (this.isHolding) return;
    this.#waiting += 1;
    this.mostWaiting = Math.max(this.mostWaiting, this.#waiting);
    setTimeout(() => {
      this.#waiting -= 1;
      sink.deliver(event, event.defaultAction());
    }, this.#delayMs());
  }

  /** `call Foo#bar`, in the order of arrival. */
  get calls(): string[] {
    return this.events.map(({ call }) => `${call.type} ${call.functionName}`);
  }
}
