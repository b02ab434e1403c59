import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { HeldSegments, type Segment } from "../../../../src/inspector/ethernet/held-segments.js";

const segment = (start: number, end: number, flow = "a"): Segment => ({
  flow,
  start: start >>> 0,
  end: end >>> 0,
});

let nowMs = 0;
const clock = { nowMs: () => nowMs, wallMs: () => nowMs };

function holding(...segments: Segment[]): HeldSegments {
  const held = new HeldSegments(clock);
  for (const one of segments) held.add(one);
  return held;
}

describe("HeldSegments", () => {
  it("covers the same segment and any part of it", () => {
    const held = holding(segment(1000, 2000));
    expect(held.covers(segment(1000, 2000))).toBe(true);
    expect(held.covers(segment(1000, 1448))).toBe(true);
    expect(held.covers(segment(1500, 2000))).toBe(true);
  });

  it("does not cover what reaches beyond, comes before or belongs to another flow", () => {
    const held = holding(segment(1000, 2000));
    expect(held.covers(segment(1500, 2001))).toBe(false);
    expect(held.covers(segment(999, 1500))).toBe(false);
    expect(held.covers(segment(2000, 3000))).toBe(false);
    expect(held.covers(segment(1000, 2000, "b"))).toBe(false);
  });

  it("covers what is held in several pieces, in any order of arrival", () => {
    expect(holding(segment(20, 30), segment(0, 10), segment(10, 20)).covers(segment(5, 25))).toBe(true);
    expect(holding(segment(20, 30), segment(0, 10)).covers(segment(5, 25))).toBe(false);
  });

  it("forgets a segment at once when it will never arrive", () => {
    const one = segment(0, 10);
    const held = holding(one);
    held.forget(one);
    held.forget(one);
    expect(held.covers(one)).toBe(false);
    expect(held.size).toBe(0);
  });

  it("remembers a segment for a moment after it was let go", () => {
    const one = segment(0, 10);
    const held = holding(one);
    held.release(one);
    nowMs += 49;
    expect(held.covers(one)).toBe(true);
    nowMs += 2;
    expect(held.covers(one)).toBe(false);
    expect(held.size).toBe(0);
  });

  it("keeps nothing of 100,000 segments that came and went", () => {
    const held = holding();
    for (let i = 0; i < 100_000; i++) {
      const one = segment(i * 10, i * 10 + 10, String(i % 7));
      held.add(one);
      held.release(one);
      nowMs += 1;
      expect(held.size).toBeLessThan(60);
    }
  });

  it("goes on past the end of the sequence numbers", () => {
    const held = holding(segment(0xfffffff0, 0x10));
    expect(held.covers(segment(0xfffffff8, 0x08))).toBe(true);
    expect(held.covers(segment(0x08, 0x18))).toBe(false);
  });

  it("agrees with a set of numbers", () => {
    const ranges = fc.tuple(fc.nat(30), fc.integer({ min: 1, max: 8 }));
    fc.assert(
      fc.property(
        fc.array(ranges, { maxLength: 8 }),
        ranges,
        fc.nat(0xffffffff),
        (pieces, [start, length], base) => {
          const held = new HeldSegments(clock);
          const numbers = new Set<number>();
          for (const [at, size] of pieces) {
            held.add(segment(base + at, base + at + size));
            for (let i = 0; i < size; i++) numbers.add(at + i);
          }
          const isCovered = Array.from({ length }, (_, i) => start + i).every((number) =>
            numbers.has(number),
          );
          expect(held.covers(segment(base + start, base + start + length))).toBe(isCovered);
        },
      ),
    );
  });
});
