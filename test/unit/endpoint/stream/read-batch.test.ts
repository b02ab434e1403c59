import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BatchError, readBatch } from "../../../../src/endpoint/stream/read-batch.js";

function parses(text: string): boolean {
  try {
    return Array.isArray(JSON.parse(text));
  } catch {
    return false;
  }
}

describe("readBatch", () => {
  it("takes what is a JSON array, and names a byte of everything else", () => {
    const characters = fc.constantFrom(...'{}[]:,"\\ \n0123-+.eEtruefalsnx\u0001é😀');
    const damaged = fc
      .tuple(fc.array(fc.jsonValue()), fc.nat(), characters, fc.nat(2))
      .map(([items, at, insert, remove]) => {
        const text = JSON.stringify(items);
        const place = at % (text.length + 1);
        return text.slice(0, place) + insert + text.slice(place + remove);
      });
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: characters }), fc.json(), damaged), (text) => {
        const data = Buffer.from(text);
        // Half of a surrogate pair is no text: WebSocket does not let it through.
        if (parses(data.toString())) {
          expect(readBatch(data, false)).toEqual(JSON.parse(data.toString()));
          return;
        }
        const failure = catching(() => readBatch(data, false));
        expect(failure.closeCode).toBe(1007);
        expect(Number(/at byte (\d+),/.exec(failure.message)?.[1])).toBeLessThanOrEqual(data.length);
      }),
      { numRuns: 2000 },
    );
  });
});

function catching(work: () => unknown): BatchError {
  try {
    work();
  } catch (error) {
    if (error instanceof BatchError) return error;
  }
  throw new Error("there was no BatchError");
}
