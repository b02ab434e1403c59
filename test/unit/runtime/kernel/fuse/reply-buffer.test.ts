import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  attributesBytes,
  entryBytes,
  openBytes,
  ReplyBuffer,
} from "../../../../../runtime/kernel/fuse/reply-buffer.js";
import { deviceNumber, StatBuffer } from "../../../../../runtime/kernel/fuse/stat-buffer.js";

describe("ReplyBuffer", () => {
  let folder: string;
  let fd: number;
  let reply: ReplyBuffer;
  const sent = () => readFileSync(`${folder}/sent`);

  beforeEach(() => {
    folder = mkdtempSync(`${tmpdir()}/nmzc-reply-`);
    fd = openSync(`${folder}/sent`, "w");
    reply = new ReplyBuffer(fd);
    reply.begin(new Uint32Array([0, 0, 8, 1]));
  });
  afterEach(() => {
    closeSync(fd);
    rmSync(folder, { recursive: true });
  });

  it("writes an error as the header alone, negative", () => {
    reply.sendError(2);
    expect(sent().toString("hex")).toBe(`10000000${"feffffff"}0800000001000000`);
  });

  it("writes an open reply as linux/fuse.h lays it out", () => {
    reply.putOpen(0, 25, 0xa0, 3);
    reply.send(openBytes);
    expect(sent().toString("hex")).toBe(
      "20000000000000000800000001000000" + "1900000000000000" + "a0000000" + "03000000",
    );
  });

  it("writes a name's node and its attributes", () => {
    writeFileSync(`${folder}/file`, "content", { mode: 0o640 });
    const file = openSync(`${folder}/file`, "r");
    const stat = new StatBuffer();
    expect(stat.ofDescriptor(file)).toBe(true);
    closeSync(file);
    reply.putEntry(0, 42, stat, 0);
    reply.send(entryBytes);
    const bytes = sent();
    const expected = statSync(`${folder}/file`, { bigint: true });
    expect(bytes.length).toBe(16 + 128);
    expect(bytes.readBigUInt64LE(16)).toBe(42n);
    expect(bytes.readBigUInt64LE(32)).toBe(1n); // entry_valid
    expect(bytes.readBigUInt64LE(40)).toBe(1n); // attr_valid
    const attributes = bytes.subarray(16 + 40);
    expect(attributes.readBigUInt64LE(0)).toBe(expected.ino);
    expect(attributes.readBigUInt64LE(8)).toBe(7n);
    expect(attributes.readBigUInt64LE(16)).toBe(expected.blocks);
    expect(attributes.readBigUInt64LE(32) * 10n ** 9n + BigInt(attributes.readUInt32LE(52))).toBe(
      expected.mtimeNs,
    );
    expect(attributes.readBigUInt64LE(40) * 10n ** 9n + BigInt(attributes.readUInt32LE(56))).toBe(
      expected.ctimeNs,
    );
    expect(attributes.readUInt32LE(60)).toBe(Number(expected.mode));
    expect(attributes.readUInt32LE(64)).toBe(1);
    expect(attributes.readUInt32LE(68)).toBe(Number(expected.uid));
    expect(attributes.readUInt32LE(80)).toBe(Number(expected.blksize));
  });

  it("writes attributes alone after 16 bytes of validity", () => {
    const stat = new StatBuffer();
    stat.ofDescriptor(fd);
    reply.putAttributes(stat, 0);
    reply.send(attributesBytes);
    expect(sent().length).toBe(16 + 104);
    expect(sent().readUInt32LE(16 + 16 + 60)).toBe(
      (statSync(folder).mode & 0) | statSync(`${folder}/sent`).mode,
    );
  });

  it("sends a copy later as it was", () => {
    reply.putWord(0, 4096);
    reply.putWord(1, 0);
    const copy = reply.copy(8);
    reply.begin(new Uint32Array([0, 0, 99, 99]));
    reply.putWord(0, 1);
    reply.send(reply.restore(copy));
    expect(sent().toString("hex")).toBe("18000000000000000800000001000000" + "0010000000000000");
  });
});

describe("deviceNumber", () => {
  it("is the kernel's encoding", () => {
    expect(deviceNumber(1, 3)).toBe(0x103);
    expect(deviceNumber(259, 0x12345)).toBe(0x12310345);
  });
});
