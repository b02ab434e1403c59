import type {
  FilesystemFaultVerdict,
  FilesystemHookPoint,
  FilesystemServerOptions,
  FilesystemVerdict,
} from "../filesystem-server.js";

/** 0 or an errno; with 0 the fault that the operation is done with. */
type Resume = (errno: number, fault?: FilesystemFaultVerdict) => void;

/** The operations that wait for an answer, and which ones have to. */
export class HeldOperations {
  readonly #hooks: ReadonlySet<FilesystemHookPoint>;
  readonly #options: FilesystemServerOptions;
  readonly #waiting = new Map<number, Resume>();
  #nextId = 1;
  #isStopped = false;

  constructor(options: FilesystemServerOptions) {
    this.#hooks = new Set(options.hooks);
    this.#options = options;
  }

  /** Calls `resume` with 0 (go on) or an errno: at once when nobody asked for this hook, else when it is answered. */
  hold(hook: FilesystemHookPoint, path: string, resume: Resume): void {
    if (this.#isStopped || !this.#hooks.has(hook)) {
      resume(0);
      return;
    }
    const id = this.#nextId++;
    this.#waiting.set(id, (errno, fault) => {
      if (fault === undefined) resume(errno);
      else if (hook === "pre-write" && (fault.kind === "short" || fault.kind === "torn")) resume(0, fault);
      else {
        this.refuse(fault.kind, "the driver fuse-native does no such fault here");
        resume(0);
      }
    });
    try {
      this.#options.onOperation({ id, hook, path: path.slice(1) });
    } catch (error) {
      this.#options.onError(error);
      this.answer(id, 0);
    }
  }

  answer(id: number, verdict: FilesystemVerdict): void {
    const resume = this.#waiting.get(id);
    if (resume === undefined) return;
    this.#waiting.delete(id);
    if (typeof verdict === "number") resume(verdict);
    else resume(0, verdict);
  }

  /** Says that a fault could not be done. */
  refuse(kind: string, reason: string): void {
    this.#options.onRefusal?.(kind, reason);
  }

  /** Lets everything go, now and from now on. */
  stop(): void {
    this.#isStopped = true;
    for (const id of [...this.#waiting.keys()]) this.answer(id, 0);
  }
}
