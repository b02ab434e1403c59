import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { RecordedDecision } from "../../../../src/record/index.js";
import { type ComesAgain, RecordedPlaces } from "../../../../src/replay/place/index.js";
import { FilesystemEvent, PacketEvent } from "../../../../src/signal/index.js";

/** A packet with contents; its decision's delay is its number in the record, from 1. */
interface Sent {
  readonly payload: string;
  readonly length?: number;
  readonly connection?: number;
  /** The number of the decision that it should meet. */
  readonly number?: number;
}

const hintOf = ({ payload }: Sent) => `tcp:output:local>10.0.0.3:80:${payload}`;
const endsOf = ({ connection = 0 }: Sent, firstPort: number) => ({
  src: `entity-10.0.0.2:${firstPort + connection}`,
  dst: "entity-10.0.0.3:80",
});

function recorded(sent: readonly Sent[]): RecordedDecision[] {
  const counts = new Map<string, number>();
  return sent.map((packet, index) => {
    const hint = hintOf(packet);
    const n = (counts.get(hint) ?? 0) + 1;
    counts.set(hint, n);
    return {
      ...{ entity: "net", event: "PacketEvent", hint, n },
      ...{ delayMs: packet.number ?? index + 1, arrivedMs: index, atMs: index },
      about: { ...endsOf(packet, 40_000), length: packet.length ?? 100 },
    };
  });
}

function live(packet: Sent): PacketEvent {
  const { src, dst } = endsOf(packet, 50_000);
  return new PacketEvent("net", {
    ...{ srcEntity: src, dstEntity: dst, replayHint: hintOf(packet) },
    bytes: new Uint8Array(packet.length ?? 100),
    retain: () => {},
  });
}

interface Met {
  readonly delayMs: number;
  readonly isByPlace: boolean;
}

function meet(record: readonly Sent[], packets: readonly Sent[], comesAgain?: ComesAgain) {
  const places = new RecordedPlaces(recorded(record), comesAgain);
  return packets.map((packet): Met | undefined => {
    const found = places.decisionOn(live(packet));
    return found && { delayMs: found.decision.delayMs, isByPlace: found.isByPlace };
  });
}

const delays = (met: readonly (Met | undefined)[]) => met.map((each) => each?.delayMs);

/** Payloads of which chance wrote some ("data:r…"); `redrawn` writes those otherwise. */
const isDrawn = ({ payload }: Sent) => payload.startsWith("data:r");
const redrawn = (packet: Sent): Sent =>
  isDrawn(packet) ? { ...packet, payload: packet.payload.replace("data:r", "data:other") } : packet;

const lengths = fc.constantFrom(100, 140, 300);
const opened: Sent[] = [{ payload: "syn" }];
const dialogues = fc
  .array(
    fc.oneof(
      fc.record({
        payload: fc.integer({ min: 0, max: 30 }).map((n) => `data:r${n}`),
        connection: fc.constant(0),
      }),
      fc.record({ payload: fc.constantFrom("data:hello", "data:ok", "ack"), connection: fc.constant(0) }),
    ),
    { minLength: 1, maxLength: 60 },
  )
  .chain((packets) =>
    fc.array(lengths, { minLength: 31, maxLength: 31 }).map((all) => withLengths(packets, all)),
  );

/** Equal payloads are equally long. */
function withLengths(packets: readonly Sent[], all: readonly number[]): Sent[] {
  return packets.map((packet) => {
    const drawn = /^data:r(\d+)$/.exec(packet.payload);
    return drawn === null ? packet : { ...packet, length: all[Number(drawn[1])]! };
  });
}

describe("RecordedPlaces", () => {
  it("brings every decision to its event when chance writes payloads anew", () => {
    fc.assert(
      fc.property(dialogues, (packets) => {
        const record = [...opened, ...packets];
        const met = meet(record, record.map(redrawn));
        expect(delays(met)).toEqual(record.map((_, index) => index + 1));
        expect(met.map((each) => each?.isByPlace)).toEqual(record.map(isDrawn));
      }),
      { numRuns: 300 },
    );
  });

  it("knows events by nothing but their names where all names are known", () => {
    const names = fc.array(fc.constantFrom("data:a", "data:b", "data:c", "ack", "syn"), { maxLength: 40 });
    fc.assert(
      fc.property(names, names, (before, now) => {
        const record = before.map((payload) => ({ payload }));
        const counts = new Map<string, number>();
        const expected = now.map((payload) => {
          const n = (counts.get(payload) ?? 0) + 1;
          counts.set(payload, n);
          return recorded(record).find((each) => each.hint.endsWith(`:${payload}`) && each.n === n)?.delayMs;
        });
        const known = now.map((payload, index) => ({ payload, expected: expected[index] }));
        const met = meet(
          record,
          known.filter(({ payload }) => before.includes(payload)),
        );
        expect(delays(met)).toEqual(
          known.filter(({ payload }) => before.includes(payload)).map((each) => each.expected),
        );
      }),
      { numRuns: 300 },
    );
  });

  it("uses no decision twice, whatever comes", () => {
    const any = fc.array(
      fc.record({
        payload: fc.oneof(
          fc.constantFrom("syn", "ack"),
          fc.integer({ max: 9, min: 0 }).map((n) => `data:r${n}`),
        ),
        length: lengths,
        connection: fc.integer({ min: 0, max: 3 }),
      }),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(any, any, (record, now) => {
        const met = delays(
          meet(
            record,
            now.map((each, i) => (i % 3 === 0 ? each : redrawn(each))),
          ),
        ).filter((each) => each !== undefined);
        expect(new Set(met).size).toBe(met.length);
      }),
      { numRuns: 500 },
    );
  });

  it("is in step again after the next known event, whatever came or did not come before", () => {
    const drawn = (from: number, count: number, word = "r") =>
      Array.from({ length: count }, (_, index): Sent => ({ payload: `data:${word}${from + index}` }));
    const counts = fc.integer({ min: 1, max: 12 });
    fc.assert(
      fc.property(counts, counts, counts, counts, (first, lost, added, rest) => {
        const record = [...opened, ...drawn(0, first + lost), { payload: "data:mark" }, ...drawn(100, rest)];
        const now = [
          ...opened,
          ...drawn(0, first, "other"),
          ...drawn(50, added, "more"),
          { payload: "data:mark" },
          ...drawn(100, rest, "other"),
        ];
        const met = delays(meet(record, now));
        const expected = recorded(record).map(({ delayMs }) => delayMs);
        expect(met.slice(0, 1 + first)).toEqual(expected.slice(0, 1 + first));
        // What was added may take the decisions of what it stands before, and so of as many as were added.
        const wrong = met.slice(-1 - rest).filter((each, index) => each !== expected.slice(-1 - rest)[index]);
        expect(wrong.length).toBeLessThanOrEqual(Math.max(0, added - lost));
      }),
      { numRuns: 300 },
    );
  });

  it("follows two connections, whatever their packets look like and in whichever order they come", () => {
    const side = (connection: number, word: string): Sent[] =>
      [1, 2, 3, 4].map((n) => ({ payload: `data:r${word}${n}`, connection }));
    const [a, b] = [side(0, "a"), side(1, "b")];
    const opening = [
      { payload: "syn", connection: 0 },
      { payload: "syn", connection: 1 },
    ];
    const numbered = [...opening, ...a, ...b].map((packet, index) => ({ ...packet, number: index + 1 }));
    const merged = (picks: readonly boolean[], packets: readonly Sent[]): Sent[] => {
      const [left, right] = [packets.slice(2, 6), packets.slice(6)];
      const rest = picks.flatMap((pick) => ((pick ? left : right).shift() ?? (pick ? right : left).shift())!);
      return [...packets.slice(0, 2), ...rest];
    };
    const picks = fc.array(fc.boolean(), { minLength: 8, maxLength: 8 });
    fc.assert(
      fc.property(picks, picks, (before, after) => {
        const now = merged(after, numbered.map(redrawn));
        expect(delays(meet(merged(before, numbered), now))).toEqual(now.map(({ number }) => number));
      }),
    );
  });

  it("follows connections that changed parts, by the lengths of their packets", () => {
    const talk = (payload: string, length: number, connection: number): Sent => ({
      payload,
      length,
      connection,
    });
    const record = [
      talk("syn", 60, 0),
      talk("syn", 60, 1),
      talk("data:r1", 211, 0),
      talk("data:r2", 109, 1),
      talk("data:r3", 226, 1),
      talk("data:r2", 109, 0),
      talk("data:r4", 123, 0),
    ];
    const changed = record
      .map(redrawn)
      .map((each, index) => (index < 2 ? each : { ...each, connection: 1 - each.connection! }));
    expect(delays(meet(record, changed))).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  it("takes a packet that was passed over when it comes late", () => {
    const record = [100, 140, 300, 160].map((length, n): Sent => ({ payload: `data:r${n}`, length }));
    const [first, late, second, last] = record.map(redrawn) as [Sent, Sent, Sent, Sent];
    expect(delays(meet(record, [first, second, late, last]))).toEqual([1, 3, 2, 4]);
  });

  it("leaves what is sent again, or more often, alone", () => {
    const record: Sent[] = [{ payload: "data:hello" }, { payload: "data:r1" }, { payload: "data:r2" }];
    const [hello, one, two] = record.map(redrawn) as [Sent, Sent, Sent];
    const met = delays(meet(record, [hello, hello, one, one, two, two]));
    expect(met).toEqual([1, undefined, 2, undefined, 3, undefined]);
  });

  it("takes a packet a little longer or shorter for the next one, and one that is far from it for none", () => {
    const record: Sent[] = [
      { payload: "data:r1", length: 200 },
      { payload: "data:r2", length: 100 },
    ];
    const other = (length: number): Sent => ({ payload: `data:other${length}`, length });
    expect(delays(meet(record, [other(203), other(900), other(98)]))).toEqual([1, undefined, 2]);
  });

  it("keeps decisions for events that come in other runs too", () => {
    const record: Sent[] = [{ payload: "data:r1" }, { payload: "data:stable" }];
    const now: Sent[] = [{ payload: "data:other1" }, { payload: "data:new" }, { payload: "data:stable" }];
    expect(delays(meet(record, now))).toEqual([1, 2, undefined]);
    const comesAgain = (_: string, hint: string) => hint.endsWith("stable");
    expect(delays(meet(record, now, comesAgain))).toEqual([1, undefined, 2]);
  });

  it("knows a file whose name holds another number by what is done to it", () => {
    const hints = [
      "pre-open:temp-7.rdb",
      "pre-open:temp-8.rdb",
      "pre-write:temp-8.rdb",
      "pre-write:temp-7.rdb",
    ];
    const record = hints.map((hint, index): RecordedDecision => {
      const [op, path] = hint.split(":") as [string, string];
      const about = { op, path };
      return {
        ...{ entity: "fs", event: "FilesystemEvent", hint, n: 1, delayMs: index + 1 },
        ...{ arrivedMs: index, atMs: index, about },
      };
    });
    const places = new RecordedPlaces(record);
    const now = [
      ["pre-open", "temp-21.rdb"],
      ["pre-open", "temp-22.rdb"],
      ["pre-write", "temp-21.rdb"],
      ["pre-write", "temp-22.rdb"],
      ["pre-write", "dump.rdb"],
    ] as const;
    const met = now.map(
      ([op, path]) => places.decisionOn(new FilesystemEvent("fs", op, path))?.decision.delayMs,
    );
    expect(met).toEqual([1, 2, 4, 3, undefined]);
  });
});
