import type { Event } from "../signal/index.js";
import type { ActionSink, Transceiver } from "./transceiver.js";

/** What the in-process orchestrator looks like from here. */
export interface EventIntake {
  submit(event: Event, sink: ActionSink): void;
}

/** The wire of length zero: `local://`. */
export class LocalTransceiver implements Transceiver {
  readonly #intake: EventIntake;

  constructor(intake: EventIntake) {
    this.#intake = intake;
  }

  send(event: Event, sink: ActionSink): void {
    this.#intake.submit(event, sink);
  }
}
