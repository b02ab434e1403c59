import type { TerminalOutput } from "../../terminal/index.js";

/** docker's own: the terminal of a container that has just started is not there for some milliseconds. */
const attempts = 10;
const attemptMs = 10;

/**
 * Keeps the container's terminal as large as ours. `apply` is called once the container has started and fails until its
 * terminal exists; later changes follow by themselves. A size that cannot be set is no reason to end a run.
 */
export class WindowSize {
  readonly #output: TerminalOutput;
  readonly #resize: (columns: number, rows: number) => Promise<void>;
  #isFollowing = false;

  constructor(output: TerminalOutput, resize: (columns: number, rows: number) => Promise<void>) {
    this.#output = output;
    this.#resize = resize;
  }

  /** Sets the size now, and from now on whenever it changes. */
  async follow(): Promise<void> {
    if (this.#output.isTTY !== true || this.#isFollowing) return;
    this.#isFollowing = true;
    this.#output.on("resize", this.#onResize);
    for (let attempt = 1; attempt <= attempts && this.#isFollowing; attempt++) {
      if (await this.#apply()) return;
      await new Promise((resolve) => setTimeout(resolve, attempt * attemptMs));
    }
  }

  stop(): void {
    this.#isFollowing = false;
    this.#output.removeListener("resize", this.#onResize);
  }

  readonly #onResize = (): void => {
    void this.#apply();
  };

  async #apply(): Promise<boolean> {
    const { columns = 0, rows = 0 } = this.#output;
    if (columns === 0 || rows === 0) return true;
    try {
      await this.#resize(columns, rows);
      return true;
    } catch {
      return false;
    }
  }
}
