import { constants } from "node:os";

const names = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** The first signal lets runs finish, the second ends them. */
export class LoopSignals {
  readonly #stopped = new AbortController();
  readonly #endNow = new AbortController();
  #received: NodeJS.Signals | undefined;
  onFirst: () => void = () => {};
  readonly #listener = (name: NodeJS.Signals): void => {
    if (this.#received !== undefined) {
      this.#endNow.abort(name);
      return;
    }
    this.#received = name;
    this.#stopped.abort(name);
    this.onFirst();
  };

  constructor() {
    for (const name of names) process.on(name, this.#listener);
  }

  get stopped(): AbortSignal {
    return this.#stopped.signal;
  }

  get endNow(): AbortSignal {
    return this.#endNow.signal;
  }

  /** 128 + the signal's number; undefined when none came. */
  get exitCode(): number | undefined {
    return this.#received === undefined ? undefined : 128 + constants.signals[this.#received];
  }

  dispose(): void {
    for (const name of names) process.off(name, this.#listener);
  }
}
