import { write } from "node:fs";
import { Writable } from "node:stream";
import type { TerminalOutput } from "./streams.js";

const retryMs = 5;

/**
 * Node writes to terminals and files on the main thread and waits, and there a slow terminal would hold up every
 * packet and every file operation of the workload. This writes to the same descriptor from the thread pool. Pipes
 * and sockets do not block, so they stay what they are.
 */
export function withoutBlocking(output: TerminalOutput): Writable {
  const blocks = output.isTTY === true || output.constructor.name === "SyncWriteStream";
  return blocks && typeof output.fd === "number" ? new FdOutput(output.fd) : output;
}

class FdOutput extends Writable {
  readonly #fd: number;

  constructor(fd: number) {
    super({ highWaterMark: 64 * 1024 });
    this.#fd = fd;
  }

  override _write(chunk: Buffer, encoding: BufferEncoding, callback: (error?: Error | null) => void): void {
    write(this.#fd, chunk, 0, chunk.length, null, (error, written) => {
      // Someone who shares the terminal may have made it non-blocking.
      if (error?.code === "EAGAIN") setTimeout(() => this._write(chunk, encoding, callback), retryMs);
      else if (error !== null) callback(error);
      else if (written < chunk.length) this._write(chunk.subarray(written), encoding, callback);
      else callback();
    });
  }
}
