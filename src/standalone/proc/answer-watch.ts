import type { Action, ActionSink, Event } from "../../signal/index.js";
import type { Transceiver } from "../../transceiver/index.js";
import { isDoneWithin } from "../../util/index.js";

const patienceMs = 500;

/** Tells when the first answer was carried out: a program must not run before it has its attributes. */
export class AnswerWatch implements Transceiver {
  readonly #wire: Transceiver;
  #answered: () => void = () => {};
  #hasAnswer = false;
  readonly #first = new Promise<void>((resolve) => {
    this.#answered = resolve;
  });

  constructor(wire: Transceiver) {
    this.#wire = wire;
  }

  send(event: Event, sink: ActionSink): void {
    this.#wire.send(event, this.#hasAnswer ? sink : this.#watching(sink));
  }

  /**
   * True when it came, within half a second: an orchestrator that is away must not keep a program from running, and a
   * policy that schedules nothing never answers.
   */
  async first(): Promise<boolean> {
    await isDoneWithin(this.#first, patienceMs);
    return this.#hasAnswer;
  }

  #watching(sink: ActionSink): ActionSink {
    return {
      deliver: (event: Event, action: Action) => {
        sink.deliver(event, action);
        this.#hasAnswer = true;
        this.#answered();
      },
    };
  }
}
