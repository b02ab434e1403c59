import {
  faultFlag,
  heldFlag,
  type LaneKind,
  scheduledFlag,
  type TimelineLane,
} from "../../timeline/timeline-format.js";
import type { RunEvents } from "./run-events.js";

/** What a reader wants to see. */
export interface EventFilter {
  readonly kinds: ReadonlySet<LaneKind>;
  readonly shaken: "all" | "shaken" | "marked";
  /** Part of an event's or a lane's name, in small letters; "" for all. */
  readonly text: string;
}

/** How much an event stands out: as it was, held, rescheduled, faulted. */
export const levels = 4;

/** The events that pass a filter, by lane and level, in the order of arrival: what a window holds is found by halving. */
export interface EventIndex {
  readonly lists: readonly (readonly Uint32Array[])[];
  readonly all: Uint32Array;
  readonly shaken: Uint32Array;
  /** The longest hold: what began before a window may reach into it. */
  readonly longestHeld: number;
}

export function levelOf(flags: number): 0 | 1 | 2 | 3 {
  if ((flags & faultFlag) !== 0) return 3;
  if ((flags & scheduledFlag) !== 0) return 2;
  return (flags & heldFlag) !== 0 ? 1 : 0;
}

export function indexEvents(
  events: RunEvents,
  lanes: readonly TimelineLane[],
  filter: EventFilter,
): EventIndex {
  const { columns, packed } = events;
  const { lane, otherLane, what, done, flags, held } = columns;
  const fits = (text: string) => filter.text === "" || text.toLowerCase().includes(filter.text);
  const wordFits = Uint8Array.from(packed.words, (word) => (fits(word) ? 1 : 0));
  const laneFits = Uint8Array.from(lanes, ({ name }) => (fits(name) ? 1 : 0));
  const laneShown = Uint8Array.from(lanes, ({ kind }) => (filter.kinds.has(kind) ? 1 : 0));
  const least = { all: 0, shaken: 1, marked: 2 }[filter.shaken];
  const counts = new Uint32Array(lanes.length * levels);
  const kept = new Uint8Array(packed.events);
  let total = 0;
  let shakenTotal = 0;
  for (let index = 0; index < packed.events; index++) {
    const level = levelOf(flags[index]!);
    const own = lane[index]!;
    const isWanted =
      level >= least &&
      laneShown[own] === 1 &&
      (wordFits[what[index]!] === 1 ||
        wordFits[done[index]!] === 1 ||
        laneFits[own] === 1 ||
        laneFits[otherLane[index]!] === 1);
    if (!isWanted) continue;
    kept[index] = 1;
    counts[own * levels + level]! += 1;
    total += 1;
    if (level > 0) shakenTotal += 1;
  }
  const lists = lanes.map((_, own) =>
    Array.from({ length: levels }, (_, level) => new Uint32Array(counts[own * levels + level]!)),
  );
  const all = new Uint32Array(total);
  const shaken = new Uint32Array(shakenTotal);
  const filled = new Uint32Array(counts.length);
  let [next, nextShaken, longestHeld] = [0, 0, 0];
  for (let index = 0; index < packed.events; index++) {
    if (kept[index] === 0) continue;
    const level = levelOf(flags[index]!);
    const place = lane[index]! * levels + level;
    lists[lane[index]!]![level]![filled[place]!++] = index;
    all[next++] = index;
    if (level > 0) shaken[nextShaken++] = index;
    if (held[index]! > longestHeld) longestHeld = held[index]!;
  }
  return { lists, all, shaken, longestHeld };
}

/** How many of the list's events arrived before `time`, in units. */
export function countBefore(list: Uint32Array, arrived: Uint32Array, time: number): number {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (arrived[list[middle]!]! < time) low = middle + 1;
    else high = middle;
  }
  return low;
}
