import type { FilesystemHookPoint, FilesystemServerOptions } from "../filesystem-server.js";

type Resume = (errno: number) => void;

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
    this.#waiting.set(id, resume);
    try {
      this.#options.onOperation({ id, hook, path: path.slice(1) });
    } catch (error) {
      this.#options.onError(error);
      this.answer(id, 0);
    }
  }

  answer(id: number, errno: number): void {
    const resume = this.#waiting.get(id);
    if (resume === undefined) return;
    this.#waiting.delete(id);
    resume(errno);
  }

  /** Lets everything go, now and from now on. */
  stop(): void {
    this.#isStopped = true;
    for (const id of [...this.#waiting.keys()]) this.answer(id, 0);
  }
}
