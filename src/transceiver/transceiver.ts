import type { Action, Event } from "../signal/index.js";

/** Where an inspector takes the answers to its events. One object per inspector, not one closure per packet. */
export interface ActionSink {
  /** Called exactly once per deferred event, at the moment the action is due; must not throw. */
  deliver(event: Event, action: Action): void;
}

/** Whoever answers events: the orchestrator in this process, or a wire that leads to one. */
export interface Transceiver {
  send(event: Event, sink: ActionSink): void;
}
