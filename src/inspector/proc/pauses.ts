import { isProcessStopped } from "../../../runtime/kernel/index.js";
import { messageOf, type UndoStack } from "../../util/index.js";
import { type ChosenProcess, isAlive } from "./choose-process.js";

interface Pause {
  readonly process: ChosenProcess;
  readonly undo: () => Promise<void>;
  timer: NodeJS.Timeout | undefined;
  untilMs: number;
}

/**
 * Processes that are stopped for a while. Each is on the undo stack and in the journal before the signal goes out, so that
 * it runs again whatever becomes of us; a process that somebody else had stopped is not ours to continue.
 */
export class Pauses {
  readonly #undo: UndoStack;
  readonly #onError: (error: unknown) => void;
  readonly #pauses = new Map<number, Pause>();

  constructor(undo: UndoStack, onError: (error: unknown) => void) {
    this.#undo = undo;
    this.#onError = onError;
  }

  /** For `forMs`, or until `resumeAll`. Returns why it could not be done; one pause does not make another longer. */
  pause(
    chosen: ChosenProcess,
    forMs: number | undefined,
    signal: NodeJS.Signals = "SIGSTOP",
  ): string | undefined {
    const known = this.#pauses.get(chosen.pid);
    if (known !== undefined && isAlive(known.process)) {
      if (forMs !== undefined) return "it is paused already";
      this.#prolong(known, forMs);
      return undefined;
    }
    if (isProcessStopped(chosen.pid)) return "somebody else has stopped it";
    const undo = this.#undo.push(
      `pause of process ${chosen.pid}`,
      () => {
        if (isAlive(chosen)) process.kill(chosen.pid, "SIGCONT");
      },
      { kind: "stopped-process", ...chosen },
    );
    const pause: Pause = { process: chosen, undo, timer: undefined, untilMs: 0 };
    this.#pauses.set(chosen.pid, pause);
    this.#prolong(pause, forMs);
    process.kill(chosen.pid, signal);
    return undefined;
  }

  async resumeAll(): Promise<void> {
    await Promise.all([...this.#pauses.values()].map((pause) => this.#resume(pause)));
  }

  #prolong(pause: Pause, forMs: number | undefined): void {
    const untilMs = forMs === undefined ? Number.POSITIVE_INFINITY : performance.now() + forMs;
    if (untilMs <= pause.untilMs) return;
    pause.untilMs = untilMs;
    clearTimeout(pause.timer);
    if (forMs !== undefined) pause.timer = setTimeout(() => void this.#resume(pause), forMs);
  }

  async #resume(pause: Pause): Promise<void> {
    clearTimeout(pause.timer);
    if (this.#pauses.get(pause.process.pid) === pause) this.#pauses.delete(pause.process.pid);
    try {
      await pause.undo();
    } catch (error) {
      this.#onError(new Error(`process ${pause.process.pid} was not resumed: ${messageOf(error)}`));
    }
  }
}
