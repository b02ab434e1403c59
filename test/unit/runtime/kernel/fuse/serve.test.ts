import { closeSync, mkdirSync, mkdtempSync, openSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createAnswerRing } from "../../../../../runtime/kernel/fuse/answer-ring.js";
import { close, read, write } from "../../../../../runtime/kernel/fuse/backing-calls.js";
import { createDescriptorQueue } from "../../../../../runtime/kernel/fuse/descriptor-queue.js";
import { opcode } from "../../../../../runtime/kernel/fuse/protocol.js";
import { serve } from "../../../../../runtime/kernel/fuse/serve.js";
import { Session } from "../../../../../runtime/kernel/fuse/session.js";
import { createSharedRing, libcFunction, NativeMemory } from "../../../../../runtime/kernel/index.js";

const socketpair = libcFunction("int socketpair(int domain, int type, int protocol, uintptr_t pair)");
const AF_UNIX = 1;
const SOCK_SEQPACKET = 5;

/** Stands in for /dev/fuse: a socket that keeps messages apart. */
class FakeKernel {
  readonly #memory = new NativeMemory(70_000);
  readonly serverEnd: number;
  readonly #kernelEnd: number;

  constructor() {
    expect(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, this.#memory.address)).toBe(0);
    this.#kernelEnd = this.#memory.words[0]!;
    this.serverEnd = this.#memory.words[1]!;
  }

  request(bytes: Uint8Array): void {
    this.#memory.bytes.set(bytes);
    expect(write(this.#kernelEnd, this.#memory.address, bytes.length)).toBe(bytes.length);
  }

  reply(): Buffer {
    const length = read(this.#kernelEnd, this.#memory.address, 70_000);
    return Buffer.from(this.#memory.bytes.slice(0, Math.max(0, length)));
  }

  /** No more requests; the server's end reads that as the end of the mount. */
  hangUp(): void {
    shutdown(this.#kernelEnd, 1);
  }

  close(): void {
    close(this.#kernelEnd);
    close(this.serverEnd);
  }
}

const shutdown = libcFunction("int shutdown(int fd, int how)");

function request(code: number, nodeId: number, body: Uint8Array): Buffer {
  const bytes = Buffer.alloc(40 + body.length);
  bytes.writeUInt32LE(bytes.length, 0);
  bytes.writeUInt32LE(code, 4);
  bytes.writeBigUInt64LE(77n, 8);
  bytes.writeBigUInt64LE(BigInt(nodeId), 16);
  bytes.writeUInt32LE(process.getuid!(), 24);
  bytes.writeUInt32LE(process.getgid!(), 28);
  bytes.set(body, 40);
  return bytes;
}

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

  /** Serves these requests over a fresh folder and gives the replies and what was reported. */
  function served(requests: readonly Uint8Array[]): { replies: Buffer[]; errors: unknown[] } {
    const kernel = new FakeKernel();
    const rootFd = openSync(`${folder}/root`, "r");
    const session = new Session({
      fuseFd: kernel.serverEnd,
      rootFd,
      eventFd: -1,
      closing: createDescriptorQueue(),
      requests: createSharedRing(1024),
      answers: createAnswerRing(),
      hookMask: 0,
      maxNodeDescriptors: 100,
      allowsPassthrough: false,
      needsFlush: true,
    });
    const replies: Buffer[] = [];
    const errors: unknown[] = [];
    for (const bytes of requests) kernel.request(bytes);
    kernel.hangUp();
    serve(session, (error) => errors.push(error));
    session.close();
    shutdown(kernel.serverEnd, 1);
    for (let bytes = kernel.reply(); bytes.length > 0; bytes = kernel.reply()) replies.push(bytes);
    kernel.close();
    closeSync(rootFd);
    return { replies, errors };
  }

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
