import { renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { InspectorReport } from "../inspector/index.js";
import { makeFolders, messageOf, NmzError } from "../util/index.js";
import type { RunPlan } from "./run-plan.js";

const resultVersion = 1;

/** `run.json` of a run's folder: what was run, how it was shaken, how it ended. */
export interface RunResult {
  readonly nmzRun: typeof resultVersion;
  readonly runId: string;
  readonly seed: string;
  readonly image: string;
  readonly command: readonly string[];
  readonly containerId: string;
  readonly startedAt: string;
  readonly endedAt: string;
  /** The workload's, or nmzc's own 125–127. */
  readonly exitCode: number;
  readonly events: number;
  readonly delayed: number;
  readonly inspectors: readonly InspectorReport[];
  readonly warnings: readonly string[];
  /** The effective config. */
  readonly autopilot: RunPlan["autopilot"];
}

/**
 * `--nmz-out DIR`: each run leaves `DIR/<run>/` with `run.json` and `trace.jsonl`, and `DIR/latest` points to the
 * newest.
 */
export class OutFolder {
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

  write(result: Omit<RunResult, "nmzRun">): void {
    const text = JSON.stringify({ nmzRun: resultVersion, ...result }, undefined, 2);
    const draft = join(this.path, "run.json.new");
    try {
      writeFileSync(draft, `${text}\n`);
      renameSync(draft, join(this.path, "run.json"));
    } catch (error) {
      rmSync(draft, { force: true });
      throw error;
    }
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
