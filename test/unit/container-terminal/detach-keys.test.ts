import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  DetachFilter,
  defaultDetachKeys,
  parseDetachKeys,
} from "../../../src/container/terminal/detach-keys.js";

describe("parseDetachKeys", () => {
  it.each([
    ["ctrl-p,ctrl-q", [16, 17]],
    ["ctrl-@,ctrl-[,ctrl-\\,ctrl-],ctrl-^,ctrl-_", [0, 27, 28, 29, 30, 31]],
    ["a,Z,~", [97, 90, 126]],
    ["DEL", [127]],
    ["ctrl-x", [24]],
  ])("reads %s", (text, bytes) => {
    expect(parseDetachKeys(text)).toEqual(bytes);
  });

  it("takes nothing for docker's default", () => {
    expect(parseDetachKeys("")).toEqual(defaultDetachKeys);
  });

  it.each(["ctrl-", "ctrl-P", "ctrl-1", "ab", "a,,b", "é", "ctrl-p, ctrl-q"])("refuses %j", (text) => {
    expect(() => parseDetachKeys(text)).toThrow(
      expect.objectContaining({ code: "NMZ_TERMINAL_DETACH_KEYS", exitCode: 125 }),
    );
  });
});

describe("DetachFilter", () => {
  const [p, q, x] = [16, 17, 120] as const;

  function type(...chunks: readonly (readonly number[])[]) {
    const filter = new DetachFilter([p, q]);
    const passed: number[] = [];
    for (const chunk of chunks) {
      const result = filter.push(Buffer.from(chunk));
      passed.push(...result.passed);
      if (result.isDetached) return { passed, isDetached: true };
    }
    return { passed: [...passed, ...filter.flush()], isDetached: false };
  }

  it("detaches at the whole sequence and passes what came before", () => {
    expect(type([x, p, q, x])).toEqual({ passed: [x], isDetached: true });
    expect(type([x, p], [q])).toEqual({ passed: [x], isDetached: true });
  });

  it("passes a broken sequence through as typed", () => {
    expect(type([p], [x])).toEqual({ passed: [p, x], isDetached: false });
    expect(type([q, p, x, q])).toEqual({ passed: [q, p, x, q], isDetached: false });
  });

  it("does not begin a new sequence with the byte that broke one, as docker", () => {
    expect(type([p, p, q])).toEqual({ passed: [p, p, q], isDetached: false });
  });

  it("passes every byte when the sequence never comes, however it is cut", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 5 })), (chunks) => {
        const typed = chunks.flatMap((chunk) => [...chunk].filter((byte) => byte !== q));
        const result = type(...chunks.map((chunk) => [...chunk].filter((byte) => byte !== q)));
        expect(result).toEqual({ passed: typed, isDetached: false });
      }),
    );
  });

  it("never detaches without keys", () => {
    const filter = new DetachFilter([]);
    expect(filter.push(Buffer.from([p, q]))).toEqual({ passed: Buffer.from([p, q]), isDetached: false });
  });
});
