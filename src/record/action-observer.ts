import type { Action } from "../signal/index.js";

/** Told of each action at the moment it is carried out; `TraceWriter` is one. */
export interface ActionObserver {
  /** `delayMs` is how long the event was held on purpose. */
  onAction(action: Action, delayMs: number): void;
}
