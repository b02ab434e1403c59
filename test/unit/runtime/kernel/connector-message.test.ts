import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  encodeListen,
  encodeListenFiltered,
  largestMessageBytes,
  netlinkAddress,
  ProcEventView,
  procEvent,
} from "../../../../runtime/kernel/proc-events/index.js";

/** A message as the kernel sends it: nlmsghdr, cn_msg, then `what`, cpu, time and the event's words. */
function received(memory: Uint8Array, what: number, words: readonly number[]): number {
  const view = new DataView(memory.buffer);
  view.setUint32(16, 1, true);
  view.setUint32(20, 1, true);
  view.setUint32(36, what, true);
  words.forEach((word, index) => {
    view.setInt32(52 + 4 * index, word, true);
  });
  return 52 + 4 * words.length;
}

describe("ProcEventView", () => {
  const pid = fc.nat(4_194_304);

  it("reads the four ids of a fork", () => {
    fc.assert(
      fc.property(pid, pid, pid, pid, (parentTid, parentTgid, childTid, childTgid) => {
        const memory = new Uint8Array(largestMessageBytes);
        const view = new ProcEventView(memory);
        const length = received(memory, procEvent.FORK, [parentTid, parentTgid, childTid, childTgid]);
        expect(view.take(length)).toBe(true);
        expect([view.what, view.parentTgid, view.childTid, view.childTgid]).toEqual([
          procEvent.FORK,
          parentTgid,
          childTid,
          childTgid,
        ]);
      }),
    );
  });

  it("knows the highest event number, which is the sign bit", () => {
    const memory = new Uint8Array(largestMessageBytes);
    const view = new ProcEventView(memory);
    expect(view.take(received(memory, procEvent.EXIT, [5, 4]))).toBe(true);
    expect([view.what, view.tid, view.tgid]).toEqual([procEvent.EXIT, 5, 4]);
  });

  it("refuses what is too short or of another sender", () => {
    const memory = new Uint8Array(largestMessageBytes);
    const view = new ProcEventView(memory);
    const length = received(memory, procEvent.FORK, [1, 2, 3, 4]);
    expect(view.take(40)).toBe(false);
    memory[16] = 9;
    expect(view.take(length)).toBe(false);
  });
});

describe("requests", () => {
  it("say their own length and that of what they carry", () => {
    for (const [request, payloadBytes] of [
      [encodeListen(), 4],
      [encodeListenFiltered(), 8],
    ] as const) {
      const view = new DataView(request.buffer);
      expect(view.getUint32(0, true)).toBe(request.length);
      expect(view.getUint16(32, true)).toBe(payloadBytes);
      expect(request.length).toBe(36 + payloadBytes);
    }
  });

  it("ask for births, execs and deaths", () => {
    expect(new DataView(encodeListenFiltered().buffer).getUint32(40, true)).toBe(0x8000_0003);
  });

  it("go to a port of the netlink family", () => {
    const address = new DataView(netlinkAddress(77, 1).buffer);
    expect([address.getUint16(0, true), address.getUint32(4, true), address.getUint32(8, true)]).toEqual([
      16, 77, 1,
    ]);
  });
});
