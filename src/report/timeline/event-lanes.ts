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
      const [from = "?", to = "?"] = packetEnds(decision).split("→").map(plainName);
      return { kind: "endpoint", name: from, otherName: to };
    }
    case "FilesystemEvent":
      // A volume's own folder has an empty path.
      return { kind: "file", name: String(about["path"] ?? hint) || ".", otherName: undefined };
    case "ProcSetEvent":
      return { kind: "threads", name: plainName(entity), otherName: undefined };
    case "JavaFunctionEvent":
      return { kind: "function", name: String(about["function"] ?? hint), otherName: undefined };
    default:
      return { kind: "log", name: plainName(entity), otherName: undefined };
  }
}

/** What the inspectors call themselves, unless they were given a name, and what they call an end that they do not know. */
const plainNames: ReadonlyMap<string, string> = new Map([
  ["ethernet_inspector", "packets"],
  ["fs_inspector", "files"],
  ["proc_inspector", "threads"],
  ["syslog_inspector", "log"],
  ["unknown_entity", "unknown"],
]);

function plainName(entity: string): string {
  const [, own = ""] = /^_namazu_(?:container_)?(\w+)$/.exec(entity) ?? [];
  return plainNames.get(own) ?? entity;
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

/** Counts what happens where while events are read, and gives each place its lane when all are. */
export class LaneTable {
  readonly #ids = new Map<LaneKind, Map<string, number>>();
  readonly #places: { readonly kind: LaneKind; readonly name: string; count: number }[] = [];

  /** A number for the place, to be exchanged for its lane in the end. */
  idOf(kind: LaneKind, name: string): number {
    const ids = this.#ids.get(kind) ?? new Map<string, number>();
    this.#ids.set(kind, ids);
    let id = ids.get(name);
    if (id === undefined) {
      if (ids.size >= mostNames && name !== sharedName[kind]) return this.idOf(kind, sharedName[kind]);
      id = this.#places.push({ kind, name, count: 0 }) - 1;
      ids.set(name, id);
    }
    this.#places[id]!.count += 1;
    return id;
  }

  /** The lanes from above, and for each number of a place which of them is its own. */
  lanes(): { readonly lanes: readonly TimelineLane[]; readonly laneOf: Uint16Array } {
    const lanes: TimelineLane[] = [];
    const laneOf = new Uint16Array(this.#places.length);
    for (const kind of kinds) {
      const places = this.#places.flatMap((place, id) => (place.kind === kind ? [{ ...place, id }] : []));
      const most = mostLanes[kind];
      places.sort((a, b) => b.count - a.count);
      const shown = places.splice(0, places.length <= most ? most : most - 1).sort(byName);
      for (const { name, id } of shown) laneOf[id] = lanes.push({ kind, name }) - 1;
      if (places.length === 0) continue;
      const shared = lanes.push({ kind, name: sharedName[kind] }) - 1;
      for (const { id } of places) laneOf[id] = shared;
    }
    return { lanes, laneOf };
  }
}

function byName(a: TimelineLane, b: TimelineLane): number {
  return a.name.localeCompare(b.name, "en", { numeric: true });
}
