import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import type { RunLine } from "../../campaign/index.js";

/** A run whose decisions are on disk. */
export interface RecordedRun {
  readonly run: number;
  readonly outcome: "pass" | "fail";
  readonly folder: string;
  readonly traceFile: string;
  readonly traceBytes: number;
  /** Of its failures. */
  readonly signatures: readonly string[];
}

type Candidate = Pick<RunLine, "run" | "folder"> & {
  readonly outcome: "pass" | "fail";
  readonly signatures: readonly string[];
};

/** Of each outcome: more do not make what predicts failure much surer, and each takes time to read. */
const mostOfOutcome = 200;

/** Fuzzed runs that were kept: evenly spread over the campaign, so that a drift is no difference between the outcomes. */
export class RecordedRuns {
  readonly #kept = { pass: [] as Candidate[], fail: [] as Candidate[] };
  readonly #stride = { pass: 1, fail: 1 };
  readonly #seen = { pass: 0, fail: 0 };

  add({ run, arm, outcome, folder, failures }: RunLine): void {
    if (arm !== "fuzzed" || folder === undefined || (outcome !== "pass" && outcome !== "fail")) return;
    const kept = this.#kept[outcome];
    const place = this.#seen[outcome]++;
    if (place % this.#stride[outcome] !== 0) return;
    kept.push({ run, outcome, folder, signatures: failures.map(({ signature }) => signature.id) });
    if (kept.length <= mostOfOutcome) return;
    this.#stride[outcome] *= 2;
    const fewer = kept.filter((_, index) => index % 2 === 0);
    kept.splice(0, kept.length, ...fewer);
  }

  /** Runs that could be looked at, and were not. */
  get recorded(): number {
    return this.#seen.pass + this.#seen.fail;
  }

  /** Those of which there is a trace indeed, in the order of their numbers. */
  list(campaignFolder: string): readonly RecordedRun[] {
    return [...this.#kept.pass, ...this.#kept.fail]
      .sort((a, b) => a.run - b.run)
      .flatMap(({ run, outcome, folder, signatures }) => {
        const path = join(campaignFolder, folder!);
        const traceFile = join(path, "latest", "trace.jsonl");
        if (!existsSync(traceFile)) return [];
        return [{ run, outcome, folder: path, traceFile, traceBytes: statSync(traceFile).size, signatures }];
      });
  }
}
