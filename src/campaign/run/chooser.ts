import type { Random } from "../../util/index.js";
import type { RunOutcomeKind } from "../format/index.js";

/** How one fuzzed run is shaken. */
export interface Choice {
  /** As runs.jsonl names it. */
  readonly name: string;
  /** Why this one, for people; undefined: nothing to say. */
  readonly why?: string;
}

/** Who chooses how each fuzzed run is shaken, and learns from how it ended: --tune. Several runs may be out at a time. */
export interface Chooser {
  /** Chance comes from the campaign's seed and the run's number. */
  next(random: Random): Choice;
  /** Told of each fuzzed run that has ended, of those before a --resume too. */
  learn(choice: string, outcome: RunOutcomeKind): void;
  /** Lines for the campaign's end: what was chosen, and why. */
  summary(): readonly string[];
}
