import { closeSync, openSync } from "node:fs";
import { expect } from "vitest";
import { createAnswerRing } from "../../../../../runtime/kernel/fuse/answer-ring.js";
import { close, read, write } from "../../../../../runtime/kernel/fuse/backing-calls.js";
import { createDescriptorQueue } from "../../../../../runtime/kernel/fuse/descriptor-queue.js";
import { serve } from "../../../../../runtime/kernel/fuse/serve.js";
import { Session } from "../../../../../runtime/kernel/fuse/session.js";
import { createSharedRing, libcFunction, NativeMemory } from "../../../../../runtime/kernel/index.js";

const socketpair = libcFunction("int socketpair(int domain, int type, int protocol, uintptr_t pair)");
const AF_UNIX = 1;
const SOCK_SEQPACKET = 5;

/** Stands in for /dev/fuse: a socket that keeps messages apart. */
export class FakeKernel {
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

export function request(code: number, nodeId: number, body: Uint8Array): Buffer {
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

/** Serves these requests over a folder and gives the replies and what was reported. */
export function serveAll(
  folder: string,
  requests: readonly Uint8Array[],
): { replies: Buffer[]; errors: unknown[] } {
  const kernel = new FakeKernel();
  const rootFd = openSync(folder, "r");
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
    wantsDirectReads: false,
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
