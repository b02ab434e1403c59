import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { opcode } from "../../../../../runtime/kernel/fuse/protocol.js";
import { request, serveAll } from "./fake-kernel.js";

describe("serve", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(`${tmpdir()}/nmzc-serve-`);
    mkdirSync(`${folder}/root`);
    writeFileSync(`${folder}/root/file`, "content");
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  const served = (requests: readonly Uint8Array[]) => serveAll(`${folder}/root`, requests);

  it("answers a lookup and a request that it does not know", () => {
    const { replies, errors } = served([
      request(opcode.lookup, 1, Buffer.from("file\0")),
      request(opcode.lookup, 1, Buffer.from("missing\0")),
      request(40, 1, new Uint8Array(24)),
    ]);
    expect(errors).toEqual([]);
    expect(replies.map((reply) => [reply.length, reply.readInt32LE(4), reply.readBigUInt64LE(8)])).toEqual([
      [144, 0, 77n],
      [16, -2, 77n],
      [16, -38, 77n],
    ]);
    expect(replies[0]!.readBigUInt64LE(16 + 40 + 8)).toBe(7n);
  });

  it("answers each request exactly once, whatever is in it, and never throws", () => {
    const before = readdirSync("/proc/self/fd").length;
    const codes = fc.oneof(fc.constantFrom(...Object.values(opcode)), fc.nat(5000));
    // Neither slash nor dot: a name that leads out of the folder is something the kernel never sends.
    const bodies = fc
      .uint8Array({ maxLength: 200 })
      .map((bytes) => bytes.map((byte) => (byte === 0x2f || byte === 0x2e ? 0x5f : byte)));
    const garbage = fc.tuple(codes, fc.constantFrom(0, 1, 1, 1, 2, 3, 0xffff_ffff), bodies);
    fc.assert(
      fc.property(fc.array(garbage, { minLength: 1, maxLength: 20 }), (list) => {
        const sends = list.filter(([code]) => code !== opcode.interrupt);
        const { replies, errors } = served(list.map((fields) => request(...fields)));
        const silent = sends.filter(([code]) => code === opcode.forget || code === opcode.batchForget);
        expect(errors).toEqual([]);
        expect(replies.length).toBe(sends.length - silent.length);
        for (const reply of replies) expect(reply.readUInt32LE(0)).toBe(reply.length);
      }),
      { numRuns: 150 },
    );
    expect(readdirSync("/proc/self/fd").length).toBe(before);
  });
});
