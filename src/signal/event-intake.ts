import type { Action } from "./action.js";
import type { Event } from "./event.js";

/** Where an inspector, or an endpoint on behalf of one, takes the answers to its events. */
export interface ActionSink {
  /** Called exactly once per deferred event, at the moment the action is due; must not throw. */
  deliver(event: Event, action: Action): void;
}

/** Whoever answers events: the orchestrator, as inspectors' wires and endpoints see it. */
export interface EventIntake {
  submit(event: Event, sink: ActionSink): void;
}
