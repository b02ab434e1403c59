import type { RecordedDecision } from "../../record/index.js";
import { streamOfDecision } from "../decision-stream.js";
import { packetKind } from "./packet-words.js";

/**
 * Counts events as people do. A decision's own number counts events with the same replay hint, and a packet's hint
 * holds a digest of its contents: "the first packet with these bytes" is the 7th of its connection.
 */
export class HumanOrdinals {
  readonly #ordinals = new Map<string, number>();

  /** `events` is the whole record, also what was not shaken; `wanted` what will be asked for. */
  constructor(events: Iterable<RecordedDecision>, wanted: readonly RecordedDecision[]) {
    const keys = new Set(wanted.map(keyOf));
    const groups = new Set(wanted.map(groupOf));
    const arrivals = new Map<string, { key: string; arrivedMs: number }[]>();
    for (const event of events) {
      const group = groupOf(event);
      if (!groups.has(group)) continue;
      const list = arrivals.get(group) ?? [];
      arrivals.set(group, list);
      list.push({ key: keyOf(event), arrivedMs: event.arrivedMs });
    }
    for (const list of arrivals.values()) {
      list.sort((a, b) => a.arrivedMs - b.arrivedMs);
      list.forEach(({ key }, index) => {
        if (keys.has(key)) this.#ordinals.set(key, index + 1);
      });
    }
  }

  of(decision: RecordedDecision): number {
    return this.#ordinals.get(keyOf(decision)) ?? decision.n;
  }
}

/** What makes two events the same in two runs. */
function keyOf({ entity, hint, n }: RecordedDecision): string {
  return `${n}|${entity}|${hint}`;
}

/** Events that people count together. */
function groupOf(decision: RecordedDecision): string {
  const { event, entity, hint, about } = decision;
  if (event === "PacketEvent") return `${streamOfDecision(decision)}|${packetKind(hint)}`;
  if (event === "ProcSetEvent") return `${entity}|${event}|${about["birth"] === true}`;
  return `${entity}|${hint}`;
}
