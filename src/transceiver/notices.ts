// What an orchestrator says of an event may name the event: then no two are alike.
const maxTopics = 50;

/** Says each thing once: what goes wrong with one event goes wrong with the next thousand. */
export class Notices {
  readonly #onWarning: (line: string) => void;
  readonly #said = new Set<string>();

  constructor(onWarning: (line: string) => void) {
    this.#onWarning = onWarning;
  }

  say(line: string): void {
    try {
      this.#onWarning(line);
    } catch {
      // Whoever prints warnings has failed; the events that wait still have to be answered.
    }
  }

  /** `topic` is what is said once; the line is its first example. */
  sayOnce(topic: string, line: string): void {
    if (this.#said.has(topic) || this.#said.size >= maxTopics) return;
    this.#said.add(topic);
    this.say(line);
  }
}
