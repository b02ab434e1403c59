import { EngineError } from "../../../runtime/engine/engine-error.js";
import { messageOf, NmzError } from "../../util/index.js";
import type { ContainerResults } from "./in-container.js";

/** Set for a process that `loop` started for one run: JSON of `LoopRunOptions`. */
export const loopChildVariable = "NMZ_LOOP_RUN";

/** What a run's process tells the loop when it is nmzc that failed, and not the workload. */
export interface ChildFailure {
  readonly code: string | undefined;
  readonly message: string;
  readonly hint: string | undefined;
  readonly exitCode: number;
  readonly isEngineGone: boolean;
}

/** What a run's process tells the loop when it came to its own end: a process that says nothing crashed. */
export const endedMessage = "ended";

/** What the loop tells a run's process. */
export const endMessage = "end";

/** How long a workload has for its own end, in milliseconds. */
export const endGraceMs = 5000;

export interface LoopRunOptions {
  /** Source of a volume → the copy that this run gets of it. */
  readonly copies: Readonly<Record<string, string>>;
  /** Result files to take out of the container, into a folder of the run's. */
  readonly results?: (ContainerResults & { readonly folder: string }) | undefined;
}

/** What a run's process tells the loop for its user. */
export interface ChildWarning {
  readonly warning: string;
}

/** One run of a `loop`, seen from its own process. */
export interface LoopChild extends LoopRunOptions {
  /** Aborted when the workload has had its time to end. */
  readonly endNow: AbortSignal;
  tellWarning(warning: string): void;
  /** Resolves when the loop has been told. */
  tellEnd(): Promise<void>;
  /** Resolves when the loop has been told. */
  tellFailure(error: unknown): Promise<void>;
}

/**
 * Undefined: nobody's. When the loop asks for the end, or is gone (a kill -9), the run gets SIGTERM, as if a user had sent
 * it, and no mercy after a while: a shell that is a container's first process ignores SIGTERM.
 */
export function asLoopChild(): LoopChild | undefined {
  const text = process.env[loopChildVariable];
  if (text === undefined || process.send === undefined) return undefined;
  delete process.env[loopChildVariable]; // the workload is no run of a loop
  const controller = new AbortController();
  let isEnding = false;
  const end = (): void => {
    if (isEnding) return;
    isEnding = true;
    setTimeout(() => controller.abort(), endGraceMs).unref();
    process.kill(process.pid, "SIGTERM");
  };
  process.on("disconnect", end);
  process.on("message", (message) => {
    if (message === endMessage) end();
  });
  return {
    ...(JSON.parse(text) as LoopRunOptions),
    endNow: controller.signal,
    tellWarning: (warning) => void tell({ warning }),
    tellEnd: () => tell(endedMessage),
    tellFailure: (error) => tell(failureOf(error)),
  };
}

function tell(message: typeof endedMessage | ChildFailure | ChildWarning): Promise<void> {
  return new Promise((resolve) => {
    if (process.send === undefined || !process.connected) resolve();
    else process.send(message, undefined, undefined, () => resolve());
  });
}

const engineGoneCodes = new Set(["ENGINE_GONE", "ENGINE_NOT_FOUND", "NMZ_ENGINE_GONE"]);

function failureOf(error: unknown): ChildFailure {
  const { code } = error as { readonly code?: unknown };
  const isOurs = error instanceof NmzError || error instanceof EngineError;
  return {
    code: typeof code === "string" ? code : undefined,
    message: messageOf(error),
    hint: isOurs ? error.hint : undefined,
    exitCode: error instanceof NmzError ? error.exitCode : 125,
    isEngineGone: isAnyCode(error, engineGoneCodes),
  };
}

/** The error's code, or that of what caused it. */
function isAnyCode(error: unknown, codes: ReadonlySet<string>): boolean {
  for (let each = error; each instanceof Error; each = each.cause) {
    const { code } = each as { readonly code?: unknown };
    if (typeof code === "string" && codes.has(code)) return true;
  }
  return false;
}
