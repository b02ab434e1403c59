import { EngineError } from "../../runtime/engine/index.js";

/** Nobody answers at the engine's socket any more: it was stopped, or is being restarted. */
export function isEngineGone(error: unknown): boolean {
  return error instanceof EngineError && error.code === "ENGINE_GONE";
}

export function isNotFound(error: unknown): boolean {
  return error instanceof EngineError && error.status === 404;
}

/** For undoing: what should be gone is gone (404), not running or on its way out (409), as it should be (304). */
export function ignoreAlreadyDone(error: unknown): void {
  if (error instanceof EngineError && [304, 404, 409].includes(error.status)) return;
  throw error;
}

/** For undoing what may be in use by somebody still: only what is not there (404) counts as undone. */
export function ignoreGone(error: unknown): void {
  if (!isNotFound(error)) throw error;
}
