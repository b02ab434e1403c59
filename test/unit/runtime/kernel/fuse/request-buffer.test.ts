import { describe, expect, it } from "vitest";
import { opcode } from "../../../../../runtime/kernel/fuse/protocol.js";
import { RequestBuffer } from "../../../../../runtime/kernel/fuse/request-buffer.js";

/** A RENAME2 as the kernel writes it: `struct fuse_in_header`, `struct fuse_rename2_in`, two names. */
const rename2 = Buffer.from(
  "44000000" + // len 68
    "2d000000" + // opcode 45
    "0800000001000000" + // unique 0x100000008
    "0700000000000000" + // nodeid 7
    "e8030000" + // uid 1000
    "d0070000" + // gid 2000
    "39300000" + // pid 12345
    "00000000" +
    "0900000000000000" + // newdir 9
    "01000000" + // RENAME_NOREPLACE
    "00000000" +
    "6f6c6400" + // "old"
    "6e65772d6e616d00", // "new-nam"
  "hex",
);

function received(bytes: Uint8Array): RequestBuffer {
  const request = new RequestBuffer();
  request.memory.bytes.set(bytes);
  request.length = bytes.length;
  return request;
}

describe("RequestBuffer", () => {
  it("reads a request as linux/fuse.h lays it out", () => {
    const request = received(rename2);
    expect(request.opcode).toBe(opcode.rename2);
    expect(request.nodeId).toBe(7);
    expect([request.uid, request.gid, request.pid]).toEqual([1000, 2000, 12345]);
    expect(request.u64(0)).toBe(9);
    expect(request.word(2)).toBe(1);
    expect(request.stringAt(16)).toBe("old");
    expect(request.afterString(16)).toBe(20);
    expect(request.stringAt(request.afterString(16))).toBe("new-nam");
  });

  it("reads 64-bit fields exactly up to 2^53", () => {
    const request = received(rename2);
    request.words.set([0xffff_fffe, 0x001f_ffff], 10);
    expect(request.u64(0)).toBe(2 ** 53 - 2);
  });

  it("knows whether a request holds what its operation needs", () => {
    const request = received(rename2);
    expect(request.holds(16, 2)).toBe(true);
    expect(request.holds(16, 3)).toBe(false);
    expect(received(rename2.subarray(0, 60)).holds(16, 2)).toBe(false);
    expect(received(rename2.subarray(0, 50)).holds(16, 0)).toBe(false);
  });

  it("is the same after it was copied out and put back", () => {
    const request = received(rename2);
    const copy = request.copy();
    request.memory.bytes.fill(0xff, 0, 200);
    request.length = 200;
    request.restore(copy);
    expect(request.length).toBe(rename2.length);
    expect(request.stringAt(16)).toBe("old");
  });
});
