import type { TestResult } from "../verdict.js";

/** What a reader is given and what it calls. */
export interface ReadRequest {
  /** For messages: the file's path, or "output". */
  readonly source: string;
  readonly chunks: AsyncIterable<string>;
  onTest(test: TestResult): void;
  onWarning(text: string): void;
}

/** Reads one format. Throws NMZ_VERDICT_MALFORMED; a text that was cut is a warning. */
export type TestReader = (request: ReadRequest) => Promise<void>;
