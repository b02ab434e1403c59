import { join } from "node:path";

/** Of both messages; another version is refused. */
export const controlVersion = 1;

/** One line to the run. */
export interface ControlRequest {
  readonly nmzControl: typeof controlVersion;
  readonly op: "crashFs";
  /** The processes go on, and only the data is lost. */
  readonly keepRunning: boolean;
}

/** One line back. */
export type ControlAnswer =
  | {
      readonly nmzControl: typeof controlVersion;
      /** Of all volumes. */
      readonly lost: readonly { readonly path: string; readonly writes: number; readonly bytes: number }[];
      /** Files that could not be put back. */
      readonly failed: readonly string[];
    }
  | {
      readonly nmzControl: typeof controlVersion;
      readonly error: { readonly code: string; readonly message: string; readonly hint?: string };
    };

export function controlSocketIn(runFolder: string): string {
  return join(runFolder, "control.sock");
}
