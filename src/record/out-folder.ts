import { renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeFolders, messageOf, NmzError } from "../util/index.js";
import { runVersion } from "./stored-run.js";

/**
 * `--nmz-out DIR`: each run leaves `DIR/<run>/` with `run.json` and `trace.jsonl`, and `DIR/latest` points to the
 * newest. `Result` is what run.json holds. Throws NMZ_OUT_FOLDER.
 */
export class OutFolder<Result extends object> {
  readonly path: string;
  readonly #parent: string;
  readonly #runId: string;

  constructor(parent: string, runId: string) {
    this.#parent = parent;
    this.#runId = runId;
    this.path = join(parent, runId);
    try {
      makeFolders(this.path);
    } catch (error) {
      throw new NmzError("NMZ_OUT_FOLDER", `cannot make the folder ${this.path}: ${messageOf(error)}`, {
        hint: "give --nmz-out a folder that can be written",
        cause: error,
      });
    }
  }

  get traceFile(): string {
    return join(this.path, "trace.jsonl");
  }

  /** Removes what a run that did not begin has left in it; the folder around it stays. */
  discard(): void {
    rmSync(this.path, { recursive: true, force: true });
  }

  write(result: Result): void {
    writeRunFile(this.path, result);
    this.#pointLatest();
  }

  // A rename replaces the link at once: with many runs at a time somebody reads it at any moment.
  #pointLatest(): void {
    const draft = join(this.#parent, `.latest-${this.#runId}`);
    rmSync(draft, { force: true });
    symlinkSync(this.#runId, draft);
    renameSync(draft, join(this.#parent, "latest"));
  }
}

/** `run.json` of a folder, whole or not at all. */
export function writeRunFile(folder: string, result: object): void {
  const text = JSON.stringify({ nmzRun: runVersion, ...result }, undefined, 2);
  const draft = join(folder, "run.json.new");
  try {
    // The environment that the user gave the workload is in it.
    writeFileSync(draft, `${text}\n`, { mode: 0o600 });
    renameSync(draft, join(folder, "run.json"));
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}
