import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FrameSplitter } from "../../../../src/endpoint/protobuf/frame-splitter.js";

const limit = 200;

function framed(frames: readonly Uint8Array[]): Buffer {
  return Buffer.concat(
    frames.flatMap((frame) => {
      const head = Buffer.alloc(4);
      head.writeUInt32LE(frame.length);
      return [head, Buffer.from(frame)];
    }),
  );
}

/** Cut after each of the given distances, round and round. */
function cut(bytes: Buffer, distances: readonly number[]): Buffer[] {
  const chunks: Buffer[] = [];
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const end = at + distances[turn % distances.length]!;
    chunks.push(Buffer.from(bytes.subarray(at, end)));
    at = end;
  }
  return chunks;
}

describe("FrameSplitter", () => {
  it("finds the same frames however the stream is cut", () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: limit }), { maxLength: 12 }),
        fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 8 }),
        (frames, distances) => {
          const splitter = new FrameSplitter(limit);
          const found = cut(framed(frames), distances).flatMap((chunk) =>
            [...splitter.push(chunk)].map((frame) => Buffer.from(frame)),
          );
          expect(found).toEqual(frames.map((frame) => Buffer.from(frame)));
        },
      ),
      { numRuns: 2000 },
    );
  });

  it("never hands over more than the limit, whatever comes, and names the length that it refuses", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ minLength: 1, maxLength: 50 })), (chunks) => {
        const splitter = new FrameSplitter(limit);
        try {
          for (const chunk of chunks) {
            for (const frame of splitter.push(Buffer.from(chunk))) {
              expect(frame.length).toBeLessThanOrEqual(limit);
            }
          }
        } catch (error) {
          expect(String(error)).toMatch(/a frame of \d+ bytes was announced, the limit is 200/);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it("refuses a long frame at its fourth byte, before anything is kept for it", () => {
    const splitter = new FrameSplitter(limit);
    expect([...splitter.push(Buffer.from([0xff, 0xff, 0xff]))]).toEqual([]);
    expect(() => [...splitter.push(Buffer.from([0x7f]))]).toThrow("2147483647 bytes");
  });

  it("takes a frame of exactly the limit, and one of nothing", () => {
    const splitter = new FrameSplitter(limit);
    const longest = new Uint8Array(limit).fill(7);
    expect([...splitter.push(framed([longest, new Uint8Array()]))].map((frame) => frame.length)).toEqual([
      limit,
      0,
    ]);
  });
});
