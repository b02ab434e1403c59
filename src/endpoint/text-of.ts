import { type Action, type ActionSink, type Event, EventAcceptanceAction } from "../signal/index.js";

/**
 * An action as it goes over a wire. One that has no JSON, as a user's policy may make it (a BigInt in its option), must not
 * cost its event the answer, nor the other clients anything: `sink` is given acceptance instead, and whoever decided gets
 * the error.
 */
export function textOf(action: Action, event: Event, sink: ActionSink): string {
  try {
    return JSON.stringify(action);
  } catch (error) {
    if (event.deferred) sink.deliver(event, new EventAcceptanceAction(event));
    throw error;
  }
}
