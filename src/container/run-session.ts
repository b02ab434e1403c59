/** What a run tells whoever asked for it: the terminal in this process, or a client in another. */
export interface RunSession {
  /** The container exists and has not started: the last moment to attach to its streams. */
  created(containerId: string): Promise<void>;
  /** The workload is about to run its first instruction: from now on signals are for it. */
  begins(containerId: string): void;
  /** The engine says that it runs. */
  started(): void;
  /**
   * The workload has ended and its container is still there, which `--rm` then removes. Never rejects. Given only where somebody
   * looks: otherwise the removal is left to the engine.
   */
  exited?(containerId: string): Promise<void>;
  /** The workload has ended: resolves when the user has all of its output and the terminal is as it was. */
  ended(): Promise<void>;
  /** A line for the user. */
  say(line: string): void;
}
