import type { Engine } from "../../runtime/engine/index.js";
import type { RunRequest } from "../container/run-request.js";

/** What a command may touch of the world; tests give their own. */
export interface CliContext {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly services: Services;
}

/**
 * What commands need from the other folders. Each is loaded when it is first called: `nmzc ps` shall not pay for koffi,
 * nor `nmz completion` for dockerode.
 */
export interface Services {
  openEngine(): Promise<Engine>;
  runContainer(request: RunRequest, io: CliContext): Promise<number>;
  prune(io: CliContext): Promise<number>;
  probeAbilities(): Promise<readonly AbilityRow[]>;
}

/** One row of `nmz doctor`. */
export interface AbilityRow {
  readonly name: string;
  readonly isPresent: boolean;
  /** What was found, or why it is missing. */
  readonly detail: string;
  readonly remedy?: string | undefined;
  readonly neededFor: string;
  /** `nmzc run` with its defaults cannot do without it. */
  readonly isNeeded: boolean;
}
