import type { Socket } from "node:net";
import { type Readable, Writable } from "node:stream";
import type { Attachment } from "./engine.js";
import { splitOutput } from "./output-streams.js";

/** The streams of a hijacked connection: both ways on one socket. */
export function attachToSocket(
  socket: Socket,
  options: { readonly stdin: boolean; readonly tty: boolean },
): Attachment {
  keepReadableOnBrokenPipe(socket);
  const output = splitOutput(socket, { tty: options.tty, resetIsEnd: options.stdin });
  return {
    ...output,
    stdin: options.stdin ? new SocketStdin(socket) : undefined,
    close: () => destroyAll(socket, output.stdout, output.stderr),
  };
}

/** The streams of an answer that only the engine writes (logs). */
export function attachToAnswer(answer: Readable, options: { readonly tty: boolean }): Attachment {
  const output = splitOutput(answer, { tty: options.tty, resetIsEnd: false });
  return { ...output, stdin: undefined, close: () => destroyAll(answer, output.stdout, output.stderr) };
}

function destroyAll(...streams: readonly (Readable | Socket)[]): void {
  for (const stream of streams) stream.destroy();
}

/**
 * Node destroys a socket at the first failed write and throws away what it could still have read. A workload that
 * ends without reading its stdin makes just that failure, and its last words are what is still to be read. So a
 * broken pipe is left to the write's own callback, and reading goes on to the end of the stream.
 */
function keepReadableOnBrokenPipe(socket: Socket): void {
  const destroy = socket.destroy.bind(socket);
  socket.destroy = (error?: Error) => {
    const isBrokenPipe = (error as NodeJS.ErrnoException | undefined)?.code === "EPIPE";
    return isBrokenPipe && !socket.readableEnded ? socket : destroy(error);
  };
}

/**
 * The writing half. `end()` half-closes the connection: the workload sees the end of its stdin and its output
 * still comes. When nobody reads any more it closes without an error, as docker ignores it too.
 */
class SocketStdin extends Writable {
  readonly #socket: Socket;

  constructor(socket: Socket) {
    super({ highWaterMark: 64 * 1024 });
    this.#socket = socket;
    socket.once("close", () => this.destroy());
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, callback: (error?: Error | null) => void): void {
    this.#socket.write(chunk, (error) => {
      if (error === null || error === undefined) return callback();
      this.destroy();
      callback();
    });
  }

  override _final(callback: (error?: Error | null) => void): void {
    this.#socket.end();
    callback();
  }
}
