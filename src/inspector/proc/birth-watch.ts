import { type FollowTarget, type ProcEvents, startProcEvents } from "../../../runtime/kernel/index.js";
import { messageOf } from "../../util/index.js";

export interface BirthListener {
  onBirth(tid: number, tgid: number, parentTgid: number): void;
  /** Births were missed: list the threads. */
  onLoss(): void;
}

/** Where births come from: the kernel's process events, or nowhere, and then threads are listed often. */
export class BirthWatch {
  readonly #events: ProcEvents | undefined;
  #unavailable: string | undefined;
  #listener: BirthListener | undefined;
  #isStopped = false;

  private constructor(events: ProcEvents | undefined, unavailable: string | undefined) {
    this.#events = events;
    this.#unavailable = unavailable;
  }

  static async start(useProcEvents: boolean, onError: (error: unknown) => void): Promise<BirthWatch> {
    if (!useProcEvents) return new BirthWatch(undefined, "turned off");
    let watch: BirthWatch | undefined;
    try {
      const events = await startProcEvents({
        onBirth: (tid, tgid, parentTgid) => watch?.listener?.onBirth(tid, tgid, parentTgid),
        onLoss: () => watch?.listener?.onLoss(),
        onFailure: (error) => {
          if (watch !== undefined) watch.#unavailable = messageOf(error);
          onError(error);
        },
      });
      watch = new BirthWatch(events, undefined);
    } catch (error) {
      watch = new BirthWatch(undefined, messageOf(error));
    }
    return watch;
  }

  get listener(): BirthListener | undefined {
    return this.#isStopped ? undefined : this.#listener;
  }

  /** Why births are not told, or undefined when they are. */
  get unavailable(): string | undefined {
    return this.#unavailable;
  }

  get losses(): number {
    return this.#events?.counts.losses ?? 0;
  }

  /** From here on births are told to `listener`. */
  follow(target: FollowTarget, listener: BirthListener): void {
    this.#listener = listener;
    this.#events?.follow(target);
  }

  /** What was born before this call is still told. */
  async stop(): Promise<void> {
    await this.#events?.stop();
    this.#isStopped = true;
  }
}
