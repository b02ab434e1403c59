import { NmzError } from "../util/index.js";

const stopSignals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
const signalNumbers = { SIGINT: 2, SIGTERM: 15, SIGHUP: 1 } as const;

/**
 * Turns the signals that end a program into an abort, so that what was done so far is undone. Once the workload
 * runs, `release` hands the signals over to whoever forwards them.
 */
export class Interruption {
  readonly #controller = new AbortController();
  readonly #listener = (signal: NodeJS.Signals): void => this.#controller.abort(signal);

  constructor() {
    for (const signal of stopSignals) process.on(signal, this.#listener);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** 128 + the signal's number, as a shell would say; undefined when nothing came. */
  get exitCode(): number | undefined {
    const reason = this.#controller.signal.reason as keyof typeof signalNumbers | undefined;
    return this.#controller.signal.aborted && reason !== undefined ? 128 + signalNumbers[reason] : undefined;
  }

  /** Throws NMZ_INTERRUPTED when something came. */
  check(): void {
    checkInterrupted(this.signal);
  }

  release(): void {
    for (const signal of stopSignals) process.off(signal, this.#listener);
  }
}

export function checkInterrupted(signal: AbortSignal): void {
  if (!signal.aborted) return;
  throw new NmzError("NMZ_INTERRUPTED", `interrupted by ${String(signal.reason)} before the workload ran`);
}
