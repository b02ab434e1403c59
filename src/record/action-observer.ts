import type { Action, Event } from "../signal/index.js";

/** Told of each event as it comes, and of each action at the moment it is carried out; `TraceWriter` is one. */
export interface ActionObserver {
  /** Before anybody decides on it. */
  onEvent?(event: Event): void;
  /** `delayMs` is how long the event was held on purpose. */
  onAction(action: Action, delayMs: number): void;
}
