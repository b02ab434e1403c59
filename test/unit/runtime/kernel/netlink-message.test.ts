import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  bindCommand,
  commandValue,
  configAttribute,
  configRequest,
  numberValue,
  paramsValue,
  verdictBytes,
  writeVerdict,
} from "../../../../runtime/kernel/nfqueue/netlink-message.js";
import { emptyPacket, readMessages } from "../../../../runtime/kernel/nfqueue/packet-message.js";
import type { QueuedPacket } from "../../../../runtime/kernel/nfqueue/packet-queue.js";

/** A message as nfnetlink_queue.c builds it: packet header, other attributes, payload last. */
function packetMessageOf(id: number, hook: number, payload: Buffer, extra: Buffer = Buffer.alloc(0)): Buffer {
  const header = Buffer.alloc(12);
  header.writeUInt16LE(11, 0);
  header.writeUInt16LE(1, 2);
  header.writeUInt32BE(id, 4);
  header.writeUInt16BE(0x0800, 8);
  header[10] = hook;
  const body = Buffer.alloc((4 + payload.length + 3) & ~3);
  body.writeUInt16LE(4 + payload.length, 0);
  body.writeUInt16LE(10, 2);
  payload.copy(body, 4);
  const message = Buffer.concat([Buffer.alloc(20), header, extra, body]);
  message.writeUInt32LE(message.length, 0);
  message.writeUInt16LE(0x0300, 4);
  return message;
}

function errorMessageOf(errno: number): Buffer {
  const message = Buffer.alloc(36);
  message.writeUInt32LE(36, 0);
  message.writeUInt16LE(2, 4);
  message.writeInt32LE(-errno, 16);
  return message;
}

interface Read {
  readonly packets: { id: number; hook: number; payload: string; wireLength: number }[];
  readonly answers: number[];
}

function read(memory: Uint8Array, start = 0, end = memory.length): Read {
  const result: Read = { packets: [], answers: [] };
  readMessages(memory, start, end, emptyPacket(), {
    onPacket: ({ id, hook, memory, start, end, wireLength }: QueuedPacket) => {
      result.packets.push({
        id,
        hook,
        payload: Buffer.from(memory.subarray(start, end)).toString(),
        wireLength,
      });
    },
    onAnswer: (errno) => result.answers.push(errno),
  });
  return result;
}

describe("readMessages", () => {
  it("reads id, hook and payload in place", () => {
    const message = packetMessageOf(0xfffffffe, 3, Buffer.from("hello"));
    const memory = Buffer.concat([Buffer.alloc(8, 0xee), message, Buffer.alloc(8, 0xee)]);
    expect(read(memory, 8, 8 + message.length).packets).toEqual([
      { id: 0xfffffffe, hook: 3, payload: "hello", wireLength: 5 },
    ]);
  });

  it("takes the length on the wire from NFQA_CAP_LEN when the packet was cut", () => {
    const capLength = Buffer.from([8, 0, 13, 0, 0, 1, 0, 0]);
    expect(read(packetMessageOf(1, 3, Buffer.from("cut"), capLength)).packets[0]?.wireLength).toBe(65536);
  });

  it("reads several messages one after the other, answers too", () => {
    const memory = Buffer.concat([
      packetMessageOf(1, 3, Buffer.from("odd")),
      errorMessageOf(0),
      packetMessageOf(2, 1, Buffer.from("even")),
      errorMessageOf(2),
    ]);
    const { packets, answers } = read(memory);
    expect(packets.map(({ id }) => id)).toEqual([1, 2]);
    expect(answers.map(Math.abs)).toEqual([0, 2]);
  });

  it("neither throws nor looks outside on garbage", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(20), (bytes, start) => {
        for (const { payload } of read(bytes, Math.min(start, bytes.length)).packets) {
          expect(payload.length).toBeLessThanOrEqual(bytes.length * 3);
        }
      }),
    );
  });

  it("neither throws nor invents a packet on a real message with flipped bytes", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 64 }),
        fc.array(fc.tuple(fc.nat(200), fc.nat(255)), { maxLength: 8 }),
        (payload, flips) => {
          const message = packetMessageOf(7, 3, Buffer.from(payload));
          for (const [at, value] of flips) message[at % message.length] = value;
          const spans: [number, number][] = [];
          readMessages(message, 0, message.length, emptyPacket(), {
            onPacket: ({ start, end }) => spans.push([start, end]),
            onAnswer: () => {},
          });
          for (const [start, end] of spans) {
            expect(start).toBeGreaterThanOrEqual(0);
            expect(end).toBeGreaterThanOrEqual(start);
            expect(end).toBeLessThanOrEqual(message.length);
          }
        },
      ),
    );
  });
});

describe("writeVerdict", () => {
  it("builds what libnetfilter_queue sends", () => {
    const message = Buffer.alloc(verdictBytes);
    writeVerdict(message, 0, 42, 0x01020304, 1);
    expect(message.toString("hex")).toBe(
      "20000000" +
        "0103" +
        "0100" +
        "00000000" +
        "00000000" +
        "0000002a" +
        "0c000200" +
        "00000001" +
        "01020304",
    );
  });

  it("builds one for all up to an id", () => {
    const message = Buffer.alloc(verdictBytes);
    writeVerdict(message, 0, 42, 9, 1, true);
    expect(message.readUInt16LE(4)).toBe(0x0303);
  });
});

describe("configRequest", () => {
  it("pads each attribute to four bytes and asks for an answer", () => {
    const request = configRequest(42, [
      [configAttribute.command, commandValue(bindCommand)],
      [configAttribute.params, paramsValue(0xffff)],
      [configAttribute.maxLength, numberValue(100_000)],
    ]);
    expect(request.toString("hex")).toBe(
      "30000000" +
        "0203" +
        "0500" +
        "00000000" +
        "00000000" +
        "0000002a" +
        "08000100" +
        "01000000" +
        "09000200" +
        "0000ffff" +
        "02000000" +
        "08000300" +
        "000186a0",
    );
  });
});
