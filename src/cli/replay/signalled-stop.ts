import { constants } from "node:os";

const names = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Signals as an abort, for as long as it lives: what is measured so far is still shown. */
export class SignalledStop {
  readonly #controller = new AbortController();
  readonly #listener = (name: NodeJS.Signals): void => this.#controller.abort(name);

  constructor() {
    for (const name of names) process.on(name, this.#listener);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** 128 + the signal's number; undefined when none came. */
  get exitCode(): number | undefined {
    const { aborted, reason } = this.#controller.signal;
    return aborted ? 128 + constants.signals[reason as NodeJS.Signals] : undefined;
  }

  dispose(): void {
    for (const name of names) process.off(name, this.#listener);
  }
}
