import type { KeepRule, RunLine } from "../format/index.js";

/** Of passing runs, timeouts and errors each: enough to look at, and to compare a failing one with. */
const maxOther = 20;

/** Which runs' folders stay: those that failed, and some of the others. */
export class KeptRuns {
  readonly #rule: KeepRule;
  readonly #others = { pass: 0, timeout: 0, error: 0 };

  constructor(rule: KeepRule) {
    this.#rule = rule;
  }

  /** A line of before: what is kept already. */
  learn({ outcome, folder }: Pick<RunLine, "outcome" | "folder">): void {
    if (outcome !== "fail" && folder !== undefined) this.#others[outcome] += 1;
  }

  /** Whether the folder of a run that has ended so stays. */
  keep(outcome: RunLine["outcome"]): boolean {
    if (outcome === "fail" || this.#rule === "all") return true;
    if (outcome === "pass" && this.#rule === "failed") return false;
    if (this.#others[outcome] >= maxOther) return false;
    this.#others[outcome] += 1;
    return true;
  }
}
