import type { Action, ActionSink, Event } from "../../signal/index.js";
import { textOf } from "../text-of.js";

/** Takes the answers to one message's events. One object for all of them: an event's share of the bytes is the average. */
export class BatchSink implements ActionSink {
  readonly bytesEach: number;
  readonly #take: (event: Event, text: string, bytes: number) => void;

  constructor(bytesEach: number, take: (event: Event, text: string, bytes: number) => void) {
    this.bytesEach = bytesEach;
    this.#take = take;
  }

  deliver(event: Event, action: Action): void {
    this.#take(event, textOf(action, event, this), this.bytesEach);
  }
}
