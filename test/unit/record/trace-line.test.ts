import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LineBytes, TraceLines } from "../../../src/record/index.js";
import { EventAcceptanceAction, EventKeys, FilesystemEvent, PacketEvent } from "../../../src/signal/index.js";

const hints = ["tcp:output:local>10.0.0.3:80:syn", '"', "日本", "x".repeat(600)];
const name = fc.constantFrom("entity-10.0.0.1:80", "entity-10.0.0.2:1", '"c"', "日本");
const milliseconds = fc.oneof(fc.constant(0), fc.double({ min: 0, max: 1e7, noNaN: true }));
const event = fc.oneof(
  fc
    .record({
      srcEntity: name,
      dstEntity: name,
      replayHint: fc.constantFrom(...hints),
      bytes: fc.uint8Array(),
    })
    .map((source) => new PacketEvent("net", { ...source, retain: () => {} })),
  fc.constantFrom("a", "b").map((path) => new FilesystemEvent("fs", "pre-mkdir", path)),
);
const line = fc.record({
  event,
  isFault: fc.boolean(),
  occurrence: fc.oneof(fc.nat(20), fc.maxSafeInteger()),
  times: fc.record({ atMs: milliseconds, delayMs: milliseconds }),
  waitedMs: fc.constantFrom(0, 0.001, 5),
});

function text(lines: LineBytes): string {
  return Buffer.from(lines.gathered).toString("utf8");
}

describe("TraceLines", () => {
  it("writes what it remembers of an event as it wrote it the first time, in the order of the actions", () => {
    const keys = new EventKeys("seed");
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 600 }), (all) => {
        const [remembered, anew] = [new LineBytes(256), new LineBytes(256)];
        const [withKeys, without] = [new TraceLines(remembered), new TraceLines(anew)];
        for (const { event, isFault, occurrence, times, waitedMs } of all) {
          event.occurrence = occurrence;
          const action = (isFault ? event.faultAction() : undefined) ?? new EventAcceptanceAction(event);
          const all = { ...times, arrivedMs: Math.max(0, times.atMs - waitedMs) };
          withKeys.write(action, all, keys.of(event));
          without.write(action, all);
        }
        withKeys.settle();
        without.settle();
        expect(text(remembered)).toBe(text(anew));
        for (const each of text(anew).trimEnd().split("\n")) JSON.parse(each);
      }),
    );
  });

  it("writes a packet that comes again and again as it would write it alone", () => {
    const ends = [{}, {}];
    const packet = fc
      .record({ place: fc.nat(1), hint: fc.constantFrom("a", "b"), byteCount: fc.constantFrom(20, 1500) })
      .map(({ place, hint, byteCount }) => ({
        ...{ srcEntity: `entity-10.0.0.1:${place}`, dstEntity: "entity-10.0.0.2:80", ends: ends[place]! },
        ...{ replayHint: hint, bytes: new Uint8Array(0), byteCount, retain: () => {} },
      }));
    const run = fc.record({
      packet,
      count: fc.nat(40),
      // Into more and more digits, and past what is a small integer.
      fromMs: fc.constantFrom(0, 0.0004, 9.99, 99.999, 9_999.9, 2 ** 31 / 1000 - 0.01, 1e8),
      stepMs: fc.constantFrom(0, 0.0004, 0.001, 0.0137, 0.91, 1.7),
      fromOccurrence: fc.constantFrom(1, 9, 90, 99_980, 2 ** 31 - 3, 2 ** 40),
    });
    const keys = new EventKeys("seed");
    fc.assert(
      fc.property(fc.array(run, { minLength: 1, maxLength: 12 }), (runs) => {
        const [together, alone] = [new LineBytes(256), new LineBytes(256)];
        const [withKeys, without] = [new TraceLines(together), new TraceLines(alone)];
        for (const { packet, count, fromMs, stepMs, fromOccurrence } of runs) {
          for (let i = 0; i < count; i++) {
            const event = new PacketEvent("net", packet);
            event.occurrence = fromOccurrence + i;
            const atMs = fromMs + i * stepMs;
            const times = { atMs, arrivedMs: atMs, delayMs: 0 };
            withKeys.write(new EventAcceptanceAction(event), times, keys.of(event));
            without.write(new EventAcceptanceAction(event), times);
          }
        }
        withKeys.settle();
        expect(text(together)).toBe(text(alone));
      }),
    );
  });

  it("leaves nothing of a line that cannot be made, and what came before it whole", () => {
    const lines = new LineBytes(256);
    const written = new TraceLines(lines);
    const keys = new EventKeys("seed");
    const times = { atMs: 1, arrivedMs: 1, delayMs: 0 };
    const fine = new PacketEvent("net", {
      srcEntity: "a",
      dstEntity: "b",
      replayHint: "h",
      bytes: new Uint8Array(3),
      retain() {},
    });
    const broken = new PacketEvent("net", {
      srcEntity: "a",
      replayHint: "other",
      bytes: new Uint8Array(3),
      retain() {},
      get dstEntity(): string {
        throw new Error("it has no end");
      },
    });
    for (let i = 0; i < 3; i++) written.write(new EventAcceptanceAction(fine), times, keys.of(fine));
    expect(() => written.write(new EventAcceptanceAction(broken), times)).toThrow("it has no end");
    written.write(new EventAcceptanceAction(fine), times, keys.of(fine));
    written.settle();
    expect(text(lines).split("\n").length).toBe(5);
    expect(text(lines)).not.toContain("other");
  });
});
