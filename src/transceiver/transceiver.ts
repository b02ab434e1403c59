import type { ActionSink, Event } from "../signal/index.js";

/** An inspector's way to whoever answers events: the orchestrator in this process, or a wire that leads to one. */
export interface Transceiver {
  /** One sink object per inspector, not one closure per packet. */
  send(event: Event, sink: ActionSink): void;
}
