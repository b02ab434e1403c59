import type { RecordedDecision } from "../../record/index.js";
import { type Hash64, hashText } from "../../util/index.js";
import { eventName } from "../place/index.js";
import type { KnownRun } from "./explain.js";

// A hint of fewer runs is a hint that chance wrote.
const seldom = 0.2;

/**
 * The same runs; an event whose hint comes in hardly any other run is called by its stream and its length instead, and counted
 * among those.
 */
export function keyedByPlace(runs: readonly KnownRun[]): readonly KnownRun[] {
  const counts = new RunCounts();
  for (const run of runs) {
    for (const { entity, event, hint } of run.decisions()) {
      if (eventName(event, hint) !== undefined) counts.add(entity, hint);
    }
    counts.endRun();
  }
  const least = Math.max(2, Math.ceil(runs.length * seldom));
  const isDrawn: IsDrawn = ({ entity, hint }) => counts.of(entity, hint) < least;
  return runs.map(({ failed, decisions }) => ({ failed, decisions: () => withPlaces(decisions, isDrawn) }));
}

type IsDrawn = (decision: RecordedDecision) => boolean;

/** Reads the run twice: a trace is in the order of the answers, and places are in that of the arrivals. */
function* withPlaces(decisions: KnownRun["decisions"], isDrawn: IsDrawn): Generator<RecordedDecision> {
  const drawn: { index: number; arrivedMs: number; entity: string; hint: string }[] = [];
  let index = 0;
  for (const decision of decisions()) {
    const hint = placeHint(decision);
    const { entity, arrivedMs } = decision;
    if (hint !== undefined && isDrawn(decision)) drawn.push({ index, arrivedMs, entity, hint });
    index += 1;
  }
  const counted = new Map<string, number>();
  const places = new Map<number, { hint: string; n: number }>();
  for (const { index, entity, hint } of drawn.sort((a, b) => a.arrivedMs - b.arrivedMs)) {
    const n = (counted.get(`${entity}|${hint}`) ?? 0) + 1;
    counted.set(`${entity}|${hint}`, n);
    places.set(index, { hint, n });
  }
  index = 0;
  for (const decision of decisions()) {
    const place = places.get(index++);
    yield place === undefined ? decision : { ...decision, ...place };
  }
}

function placeHint({ event, hint, about }: RecordedDecision): string | undefined {
  const stream = eventName(event, hint)?.stream;
  const { length } = about;
  if (stream === undefined || length === undefined) return stream;
  return `${stream.replace(/:$/, "")}:~${length}`;
}

const mostHints = 1_000_000;

/** In how many runs each hint comes. When there are too many, those of one run make room: Manku & Motwani, VLDB 2002. */
class RunCounts {
  readonly #runs = new Map<number, { count: number; lastRun: number }>();
  #run = 0;

  add(entity: string, hint: string): void {
    const key = keyOf(entity, hint);
    const known = this.#runs.get(key);
    if (known === undefined) {
      if (this.#runs.size < mostHints) this.#runs.set(key, { count: 1, lastRun: this.#run });
    } else if (known.lastRun !== this.#run) {
      known.count += 1;
      known.lastRun = this.#run;
    }
  }

  endRun(): void {
    this.#run += 1;
    if (this.#runs.size < mostHints * 0.9) return;
    for (const [key, { count }] of this.#runs) if (count === 1) this.#runs.delete(key);
  }

  of(entity: string, hint: string): number {
    return this.#runs.get(keyOf(entity, hint))?.count ?? 0;
  }
}

/** 53 bits, so a number holds them. */
function keyOf(entity: string, hint: string): number {
  const { high, low }: Hash64 = hashText(`${entity}|${hint}`);
  return (high & 0x1fffff) * 2 ** 32 + (low >>> 0);
}
