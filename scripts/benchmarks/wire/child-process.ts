import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";

interface Answer {
  readonly value?: unknown;
  readonly error?: string;
}

/** In the child: answers each request of the parent, one after the other. */
export function serveRequests(answer: (request: unknown) => unknown): void {
  process.on("message", async (request) => {
    let said: Answer;
    try {
      said = { value: await answer(request) };
    } catch (error) {
      said = { error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
    }
    process.send?.(said);
  });
  process.on("disconnect", () => process.exit());
}

/** In the parent: a process of this folder that answers requests. */
export class BenchmarkProcess {
  readonly #child: ChildProcess;

  constructor(module: string) {
    this.#child = fork(fileURLToPath(new URL(`./${module}.js`, import.meta.url)), {
      execArgv: ["--expose-gc"],
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
  }

  ask<T>(request: object): Promise<T> {
    return new Promise((resolve, reject) => {
      const gone = (code: number | null) => reject(new Error(`the process ended with ${code}`));
      this.#child.once("exit", gone);
      this.#child.once("message", ({ value, error }: Answer) => {
        this.#child.off("exit", gone);
        if (error === undefined) resolve(value as T);
        else reject(new Error(error));
      });
      this.#child.send(request);
    });
  }

  async end(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = new Promise((resolve) => this.#child.once("exit", resolve));
    this.#child.disconnect();
    await ended;
  }
}
