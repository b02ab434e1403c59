import type { Progress } from "../../replay/index.js";

const answers = { yes: "still fails", no: "fails too seldom", measured: "measured" };

type Sink = Pick<NodeJS.WriteStream, "isTTY" | "columns" | "write">;

/** A line for each question of a search: on a terminal from its first run on, rewritten after each; elsewhere once it is answered. */
export class QuestionLines {
  readonly #sink: Sink;
  #isOpen = false;

  constructor(sink: Sink) {
    this.#sink = sink;
  }

  begin(text: string): void {
    this.#sink.write(`nmzc: ${text}\n`);
  }

  tell({ question, failures, trials, runs, answer }: Progress): void {
    const end = answer === undefined ? "" : `: ${answers[answer]}`;
    const text = `nmzc: run ${runs}: ${question}: ${failures} of ${trials} failed${end}`;
    if (this.#sink.isTTY !== true) {
      if (answer !== undefined) this.#sink.write(`${text}\n`);
      return;
    }
    // A line that wraps cannot be rewritten.
    const width = Math.max(20, (this.#sink.columns ?? 80) - 1);
    this.#sink.write(`\r${text.length > width ? `${text.slice(0, width - 1)}…` : text}\u001b[K`);
    this.#isOpen = answer === undefined;
    if (!this.#isOpen) this.#sink.write("\n");
  }

  /** What is written next stands on a line of its own. Idempotent. */
  close(): void {
    if (this.#isOpen) this.#sink.write("\n");
    this.#isOpen = false;
  }
}
