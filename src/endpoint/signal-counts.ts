import type { Action } from "../signal/index.js";

/** Counts what was answered, by class; an orchestrator's observer. */
export class SignalCounts {
  readonly events = new Map<string, number>();
  readonly actions = new Map<string, number>();

  onAction(action: Action): void {
    const { event } = action;
    if (event !== undefined) this.events.set(event.class, (this.events.get(event.class) ?? 0) + 1);
    this.actions.set(action.class, (this.actions.get(action.class) ?? 0) + 1);
  }
}
