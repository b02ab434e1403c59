import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect } from "vitest";
import { opcode } from "../../../runtime/kernel/fuse/protocol.js";
import { RequestBuffer } from "../../../runtime/kernel/fuse/request-buffer.js";
import { configRequest, numberValue } from "../../../runtime/kernel/nfqueue/netlink-message.js";
import { emptyPacket, readMessages } from "../../../runtime/kernel/nfqueue/packet-message.js";
import { BirthFilter } from "../../../runtime/kernel/proc-events/birth-filter.js";
import {
  encodeIgnore,
  encodeListen,
  encodeListenFiltered,
  ProcEventView,
} from "../../../runtime/kernel/proc-events/connector-message.js";
import { tcp4 } from "../inspector/ethernet/packet-builder.js";
import { request, serveAll } from "../runtime/kernel/fuse/fake-kernel.js";
import { damagedBytes } from "./damage.js";
import { fuzz } from "./fuzz.js";

/** A netlink message as nfnetlink_queue sends it. */
function packetMessage(id: number, payload: Uint8Array, wireLength?: number): Buffer {
  const header = Buffer.alloc(7);
  header.writeUInt32BE(id, 0);
  header[6] = 3;
  const attributes: [number, Buffer][] = [
    [1, header],
    [8, numberValue(7)],
    [10, Buffer.from(payload)],
  ];
  if (wireLength !== undefined) attributes.push([13, numberValue(wireLength)]);
  const message = configRequest(42, attributes);
  message.writeUInt16LE(0x300, 4);
  return message;
}

const acknowledgement = Buffer.alloc(36);
acknowledgement.writeUInt32LE(36, 0);
acknowledgement.writeUInt16LE(2, 4);
const netlinkMessages = [
  packetMessage(1, tcp4({ payload: "content" })),
  packetMessage(0xffff_ffff, tcp4(), 3000),
  Buffer.concat([packetMessage(2, tcp4()), packetMessage(3, tcp4({ payload: "x" })), acknowledgement]),
  Buffer.concat([acknowledgement, packetMessage(4, Buffer.alloc(0))]),
  packetMessage(5, Buffer.alloc(65_000, 1)),
];

describe("Messages of nfnetlink_queue", () => {
  fuzz(
    "nfnetlink_queue messages",
    120_000,
    fc.tuple(damagedBytes(netlinkMessages), fc.nat(3)),
    ([bytes, words]) => {
      const start = words * 4;
      const memory = new Uint8Array(start + bytes.length + 4);
      memory.set(bytes, start);
      const end = start + bytes.length;
      let messages = 0;
      readMessages(memory, start, end, emptyPacket(), {
        onPacket: (packet) => {
          messages += 1;
          const { id, hook } = packet;
          if (packet.start < start || packet.end > end || packet.start > packet.end) {
            throw new Error(`packet [${packet.start}, ${packet.end}) of a message [${start}, ${end})`);
          }
          if (id >>> 0 !== id || hook > 255 || packet.wireLength < 0)
            throw new Error(`id ${id}, hook ${hook}`);
        },
        onAnswer: (errno) => {
          messages += 1;
          if (!Number.isInteger(errno)) throw new Error(`errno ${errno}`);
        },
      });
      if (messages > bytes.length / 16) throw new Error(`${messages} messages in ${bytes.length} bytes`);
    },
  );
});

function processEvent(what: number, ...words: readonly number[]): Uint8Array {
  const bytes = Buffer.alloc(52 + 4 * words.length);
  Buffer.from(encodeListen().subarray(0, 36)).copy(bytes);
  bytes.writeUInt32LE(bytes.length, 0);
  bytes.writeUInt32LE(what, 36);
  words.forEach((word, index) => {
    bytes.writeInt32LE(word, 52 + 4 * index);
  });
  return bytes;
}

const processEvents = [
  processEvent(1, 10, 10, 11, 11, 0, 0),
  processEvent(1, 11, 11, 12, 11, 0, 0),
  processEvent(2, 11, 11, 0, 0),
  processEvent(0x8000_0000, 11, 11, 0, 17),
  processEvent(0, 0),
  encodeListen(),
  encodeListenFiltered(),
  encodeIgnore(),
];

describe("Process events", () => {
  const messages = fc.array(damagedBytes(processEvents, 256), { maxLength: 4 });
  fuzz("process events", 60_000, messages, (list) => {
    const memory = new Uint8Array(256);
    const view = new ProcEventView(memory);
    const filter = new BirthFilter(
      { kind: "cgroup", path: "/docker/x" },
      (tid, tgid) => {
        if (!Number.isInteger(tid) || !Number.isInteger(tgid)) throw new Error(`${tid} of ${tgid}`);
      },
      (pid) => (pid % 3 === 0 ? undefined : pid % 3 === 1),
    );
    for (const bytes of list) {
      memory.set(bytes);
      if (!view.take(bytes.length)) continue;
      if (view.what === 1) filter.onFork(view.parentTgid, view.childTid, view.childTgid);
      else if (view.what === 2) filter.onExec(view.tgid);
      else if (view.what === 0x8000_0000) filter.onExit(view.tid, view.tgid);
      else if (!Number.isInteger(view.acknowledgedErrno)) throw new Error("no errno");
    }
    filter.onLoss();
  });
});

const words = (...numbers: readonly number[]) => Buffer.from(new Uint32Array(numbers).buffer);
const name = (text: string) => Buffer.from(`${text}\0`);
const fuseRequests = [
  request(opcode.init, 0, words(7, 41, 65_536, 0xffff_ffff, 0xffff_ffff, ...new Array<number>(11).fill(0))),
  request(opcode.lookup, 1, name("file")),
  request(opcode.getattr, 1, words(0, 0, 0, 0)),
  request(opcode.getattr, 2, words(0, 0, 0, 0)),
  request(opcode.setattr, 2, words(8, 0, 0, 0, 4, ...new Array<number>(17).fill(0))),
  request(opcode.mkdir, 1, Buffer.concat([words(0o755, 0o22), name("folder")])),
  request(opcode.rmdir, 1, name("folder")),
  request(opcode.create, 1, Buffer.concat([words(0o102, 0o644, 0o22, 0), name("made")])),
  request(opcode.open, 2, words(0, 0)),
  request(opcode.opendir, 1, words(0, 0)),
  request(opcode.readdir, 1, words(20, 0, 0, 0, 4096, 0, 0, 0, 0, 0)),
  request(opcode.readdirplus, 1, words(20, 0, 0, 0, 4096, 0, 0, 0, 0, 0)),
  request(opcode.read, 2, words(20, 0, 0, 0, 4096, 0, 0, 0, 0, 0)),
  request(opcode.write, 2, Buffer.concat([words(20, 0, 0, 0, 7, 0, 0, 0, 0, 0), name("content")])),
  request(opcode.rename2, 1, Buffer.concat([words(1, 0, 1, 0), name("file"), name("moved")])),
  request(opcode.symlink, 1, Buffer.concat([name("link"), name("file")])),
  request(opcode.link, 1, Buffer.concat([words(2, 0), name("second")])),
  request(opcode.setxattr, 2, Buffer.concat([words(5, 0, 0, 0), name("user"), Buffer.from("value")])),
  request(opcode.getxattr, 2, Buffer.concat([words(64, 0), name("user")])),
  request(opcode.listxattr, 2, words(64, 0)),
  request(opcode.batchForget, 0, words(2, 0, 2, 0, 1, 0, 3, 0, 1, 0)),
  request(opcode.forget, 2, words(1, 0)),
  request(opcode.statfs, 1, Buffer.alloc(0)),
  request(opcode.ioctl, 2, words(20, 0, 0, 0x8008_6601, 0, 0, 0, 8)),
  request(opcode.unlink, 1, name("file")),
  request(opcode.destroy, 0, Buffer.alloc(0)),
];

describe("FUSE requests", () => {
  const buffer = new RequestBuffer();

  fuzz(
    "FUSE request buffers",
    100_000,
    fc.tuple(damagedBytes(fuseRequests, 8192), fc.nat(64), fc.nat(3)),
    ([bytes, bodyBytes, strings]) => {
      buffer.memory.bytes.fill(0xaa, 0, 8300); // what the request before left
      buffer.restore(bytes);
      if (!buffer.holds(bodyBytes, strings)) return;
      let at = bodyBytes;
      for (let i = 0; i < strings; i++) {
        const text = buffer.stringAt(at);
        if (text.includes("\0")) throw new Error(`a name with NUL: ${text}`);
        at = buffer.afterString(at);
      }
      if (at + 40 > bytes.length) throw new Error(`strings end at ${at + 40} of ${bytes.length}`);
    },
  );

  let folder = "";
  let root = "";
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "nmzc-fuzz-fuse-"));
    root = join(folder, "root");
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  // Neither slash nor dot in what may be a name: one that leads out of the folder is something the kernel never sends.
  const tame = (bytes: Uint8Array) =>
    bytes.map((byte, index) => (index >= 40 && (byte === 0x2f || byte === 0x2e) ? 0x5f : byte));
  const isFrame = (bytes: Uint8Array) => bytes.length >= 40;
  const conversations = fc
    .array(damagedBytes(fuseRequests, 4096), { minLength: 1, maxLength: 16 })
    .map((list) => list.filter(isFrame).map(tame));
  fuzz("FUSE requests served", 1_000, conversations, (list) => {
    mkdirSync(root);
    writeFileSync(join(root, "file"), "content");
    const before = readdirSync("/proc/self/fd").length;
    const codeOf = (bytes: Uint8Array) => Buffer.from(bytes).readUInt32LE(4);
    const silent: readonly number[] = [opcode.forget, opcode.batchForget, opcode.interrupt];
    try {
      const { replies, errors } = serveAll(root, list);
      expect(errors).toEqual([]);
      expect(replies.length).toBe(list.filter((bytes) => !silent.includes(codeOf(bytes))).length);
      for (const reply of replies) expect(reply.readUInt32LE(0)).toBe(reply.length);
      expect(readdirSync("/proc/self/fd").length).toBe(before);
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  });
});
