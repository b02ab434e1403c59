import type { Engine } from "../../runtime/engine/index.js";

/** Somebody who looks into the container of a run. Neither rejects. */
export interface ContainerVisit {
  /** Before it starts. */
  created(engine: Engine, containerId: string): Promise<void>;
  /** When the workload has ended, before `--rm` removes it. */
  exited(engine: Engine, containerId: string): Promise<void>;
}

/** The user's end. `stdin` may be a terminal or not; errors and nmzc's own lines go to `stderr`. */
export interface RunIo {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  /** The module that a run in the background is started with: src/cli/nmzc-supervisor. */
  readonly supervisor: URL;
  /** Aborted when the workload has had its time to end, and is to be killed. */
  readonly endNow?: AbortSignal | undefined;
  /** Of a run in the foreground. */
  readonly visit?: ContainerVisit | undefined;
}
