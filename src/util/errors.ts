/** What a failure of nmzc itself exits with, as docker does: 125 ours, 126 cannot invoke, 127 not found. */
export type ExitCode = 1 | 2 | 125 | 126 | 127;

export interface NmzErrorOptions {
  /** What to do about it: one sentence the user can act on. */
  readonly hint?: string;
  readonly cause?: unknown;
  /** Default 125. */
  readonly exitCode?: ExitCode;
}

/**
 * Every failure that a user can meet. The message says what failed and with which value; the hint says
 * what to do; the code (`NMZ_<AREA>_<WHAT>`) is stable and never parsed out of the text.
 */
export class NmzError extends Error {
  readonly code: string;
  readonly exitCode: ExitCode;
  readonly hint: string | undefined;

  constructor(code: string, message: string, options: NmzErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "NmzError";
    this.code = code;
    this.exitCode = options.exitCode ?? 125;
    this.hint = options.hint;
  }
}

/** The text of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
