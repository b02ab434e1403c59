import { hintForWords } from "./engine-hints.js";

/**
 * What went wrong, for callers that must tell cases apart without reading text.
 * ENGINE_GONE: there is no engine at the other end (any more); nothing is known about the request.
 * ABORTED: the caller's own AbortSignal.
 */
export type EngineErrorCode =
  | "NO_SUCH_CONTAINER"
  | "NO_SUCH_IMAGE"
  | "NO_SUCH_VOLUME"
  | "NO_SUCH_EXEC"
  | "CONFLICT"
  | "UNAUTHORIZED"
  | "ENGINE_GONE"
  | "ENGINE_NOT_FOUND"
  | "ENGINE_NO_ACCESS"
  | "ENGINE_ELSEWHERE"
  | "ENGINE_CHOICE"
  | "ENGINE_ROOTLESS"
  | "INVALID_REFERENCE"
  | "CREDENTIALS"
  | "ABORTED"
  | "PROTOCOL";

export interface EngineErrorOptions {
  readonly status?: number;
  readonly code?: EngineErrorCode | undefined;
  readonly hint?: string | undefined;
  readonly cause?: unknown;
}

/** A request that the engine refused, or that never reached one. The message is the engine's own words. */
export class EngineError extends Error {
  /** HTTP status of the answer; 0 when there was none. */
  readonly status: number;
  readonly code: EngineErrorCode | undefined;
  /** What to do about it, when we know. */
  readonly hint: string | undefined;

  constructor(message: string, options: EngineErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "EngineError";
    this.status = options.status ?? 0;
    this.code = options.code;
    this.hint = options.hint;
  }
}

/** The container has ended, and could not be removed as it should be: its exit code is known all the same. */
export class NotRemovedError extends EngineError {
  readonly exitCode: number;

  constructor(exitCode: number, { message, status, code, hint, cause }: EngineError) {
    super(message, { status, code, hint, cause });
    this.name = "NotRemovedError";
    this.exitCode = exitCode;
  }
}

/** Errors of a connection that mean: nobody answers there (any more). */
const goneCodes: ReadonlySet<string> = new Set([
  "ECONNRESET",
  "ECONNREFUSED",
  "ECONNABORTED",
  "ENOENT",
  "EPIPE",
  "ENOTCONN",
  "ERR_STREAM_PREMATURE_CLOSE",
]);

/** What docker-modem puts on its errors. */
interface ModemError extends Error {
  readonly statusCode?: number;
  readonly reason?: string;
  readonly json?: unknown;
  readonly code?: string;
}

/** Any failure of a request as an EngineError; `what` names the request where the engine has no words of its own. */
export function toEngineError(error: unknown, what: string): EngineError {
  if (error instanceof EngineError) return error;
  const failure = error as ModemError;
  if (typeof failure?.statusCode === "number") {
    const message = wordsOf(failure);
    const hint = hintForWords(message);
    return new EngineError(message, {
      ...(hint === undefined ? {} : { hint }),
      status: failure.statusCode,
      code: codeOf(failure.statusCode, message),
      cause: error,
    });
  }
  if (failure?.name === "AbortError") {
    return new EngineError(`${what}: aborted`, { code: "ABORTED", cause: error });
  }
  if (failure?.code === "EACCES" || failure?.code === "EPERM") {
    return new EngineError(`${what}: permission denied on the engine's socket`, {
      code: "ENGINE_NO_ACCESS",
      hint: "run nmzc as root",
      cause: error,
    });
  }
  if (failure?.code !== undefined && goneCodes.has(failure.code)) {
    return new EngineError(`${what}: the container engine is gone (${failure.code})`, {
      code: "ENGINE_GONE",
      hint: "see whether the engine was stopped or restarted",
      cause: error,
    });
  }
  const reason = error instanceof Error ? error.message : String(error);
  return new EngineError(`${what}: ${reason}`, { cause: error });
}

/** docker-modem wraps the engine's message as "(HTTP code 404) reason - message "; the message alone is wanted. */
function wordsOf(error: ModemError): string {
  const json = error.json as { message?: unknown; cause?: unknown } | null | undefined;
  if (typeof json?.message === "string") return json.message.trim();
  const prefix = `(HTTP code ${error.statusCode}) ${error.reason ?? "unexpected"} - `;
  const text = error.message.startsWith(prefix) ? error.message.slice(prefix.length) : error.message;
  return text.trim();
}

function codeOf(status: number, message: string): EngineErrorCode | undefined {
  const text = message.toLowerCase();
  if (status === 404) {
    if (text.includes("no such container")) return "NO_SUCH_CONTAINER";
    if (text.includes("no such image")) return "NO_SUCH_IMAGE";
    if (text.includes("no such volume")) return "NO_SUCH_VOLUME";
    if (text.includes("no such exec")) return "NO_SUCH_EXEC";
    if (text.includes("container") && text.includes("no container with")) return "NO_SUCH_CONTAINER";
  }
  if (status === 409) return "CONFLICT";
  if (status === 401 || status === 403) return "UNAUTHORIZED";
  return undefined;
}

/**
 * The exit code of a run whose container could not be created or started, by docker's own rule
 * (docker/cli, cli/command/container/run.go, toStatusError): the engine says in words only what was wrong.
 */
export function exitCodeOfStartError(error: unknown): 125 | 126 | 127 {
  const message = error instanceof Error ? error.message : String(error);
  if (!(error instanceof EngineError) || error.status === 0) return 125;
  if (/executable file not found|no such file or directory/i.test(message)) return 127;
  if (/permission denied|is a directory/i.test(message)) return 126;
  return 125;
}
