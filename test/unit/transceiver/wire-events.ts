import {
  type Action,
  type ActionSink,
  type Event,
  FilesystemEvent,
  ProcSetEvent,
} from "../../../src/signal/index.js";

/** Remembers what every event was answered with. */
export class RecordingSink implements ActionSink {
  readonly answers = new Map<Event, Action[]>();
  readonly #waiting: (() => void)[] = [];

  deliver(event: Event, action: Action): void {
    const actions = this.answers.get(event) ?? [];
    actions.push(action);
    this.answers.set(event, actions);
    for (const check of [...this.#waiting]) check();
  }

  classesOf(event: Event): string[] {
    return (this.answers.get(event) ?? []).map((action) => action.class);
  }

  /** Resolves when so many events have been answered. */
  answered(count: number): Promise<void> {
    return new Promise((resolve) => {
      const check = () => {
        if (this.answers.size < count) return;
        this.#waiting.splice(this.#waiting.indexOf(check), 1);
        resolve();
      };
      this.#waiting.push(check);
      check();
    });
  }
}

/** A deferred event. */
export function mkdir(path: string, entity = "disk"): FilesystemEvent {
  return new FilesystemEvent(entity, "pre-mkdir", path);
}

/** An event that nobody holds. */
export function threads(...ids: number[]): ProcSetEvent {
  return new ProcSetEvent("threads", ids);
}

/** The JSON of an answer. */
export function answer(event: Event, className = "EventAcceptanceAction", option: object = {}): object {
  return {
    class: className,
    entity: event.entity,
    event_uuid: event.uuid,
    option,
    type: "action",
    uuid: `answer-${event.uuid}`,
  };
}

/** Waits until something is so, looking again in every turn of the event loop. */
export async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 1));
}
