import type { RecordedDecision } from "../../record/index.js";
import { packetEnds } from "../../replay/index.js";
import type { LaneKind, TimelineLane } from "./timeline-format.js";

/** Where an event is drawn; a packet has two ends. */
export interface EventLanes {
  readonly kind: LaneKind;
  readonly name: string;
  readonly otherName: string | undefined;
}

export function lanesOf(decision: RecordedDecision): EventLanes {
  const { event, about, hint, entity } = decision;
  switch (event) {
    case "PacketEvent": {
      const [from, to] = packetEnds(decision).split("→");
      return { kind: "endpoint", name: from ?? "?", otherName: to ?? "?" };
    }
    case "FilesystemEvent":
      return { kind: "file", name: String(about["path"] ?? hint), otherName: undefined };
    case "ProcSetEvent":
      return { kind: "threads", name: entity, otherName: undefined };
    case "JavaFunctionEvent":
      return { kind: "function", name: String(about["function"] ?? hint), otherName: undefined };
    default:
      return { kind: "log", name: entity, otherName: undefined };
  }
}

const kinds: readonly LaneKind[] = ["endpoint", "file", "threads", "function", "log"];

/** More lanes than that are no picture any more; the least busy ones share one. */
const mostLanes: Readonly<Record<LaneKind, number>> = {
  endpoint: 16,
  file: 14,
  threads: 4,
  function: 8,
  log: 4,
};

const sharedName: Readonly<Record<LaneKind, string>> = {
  endpoint: "other endpoints",
  file: "other files",
  threads: "other threads",
  function: "other functions",
  log: "other logs",
};

// A workload that makes a file for each request shall not take our memory: names that come later share a lane.
const mostNames = 20_000;

/** Counts what happens where, and then gives each name its lane. */
export class LaneTable {
  readonly #counts = new Map<LaneKind, Map<string, number>>();
  readonly #index = new Map<LaneKind, Map<string, number>>();
  readonly #shared = new Map<LaneKind, number>();
  readonly #lanes: TimelineLane[] = [];

  count({ kind, name, otherName }: EventLanes): void {
    const counts = this.#counts.get(kind) ?? new Map<string, number>();
    this.#counts.set(kind, counts);
    for (const each of otherName === undefined ? [name] : [name, otherName]) {
      const before = counts.get(each);
      if (before !== undefined || counts.size < mostNames) counts.set(each, (before ?? 0) + 1);
    }
  }

  /** To be called once, after everything was counted. */
  lanes(): readonly TimelineLane[] {
    for (const kind of kinds) {
      const counts = this.#counts.get(kind);
      if (counts === undefined) continue;
      const most = mostLanes[kind];
      const busiest = [...counts].sort((a, b) => b[1] - a[1]).map(([name]) => name);
      const shown = busiest.length <= most ? busiest : busiest.slice(0, most - 1);
      const index = new Map<string, number>();
      for (const name of shown.sort(byName)) index.set(name, this.#lanes.push({ kind, name }) - 1);
      this.#index.set(kind, index);
      if (shown.length < busiest.length) {
        this.#shared.set(kind, this.#lanes.push({ kind, name: sharedName[kind] }) - 1);
      }
    }
    return this.#lanes;
  }

  laneOf(kind: LaneKind, name: string): number {
    const own = this.#index.get(kind)?.get(name) ?? this.#shared.get(kind);
    if (own !== undefined) return own;
    // Counted names were all that there was room for.
    const added = this.#lanes.push({ kind, name: sharedName[kind] }) - 1;
    this.#shared.set(kind, added);
    return added;
  }
}

function byName(a: string, b: string): number {
  return a.localeCompare(b, "en", { numeric: true });
}
