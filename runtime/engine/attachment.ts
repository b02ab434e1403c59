import type { Socket } from "node:net";
import { type Readable, Writable } from "node:stream";
import type { Attachment } from "./engine.js";
import { splitOutput } from "./output-streams.js";

/** The streams of a hijacked connection: both ways on one socket. */
export function attachToSocket(
  socket: Socket,
  options: { readonly stdin: boolean; readonly tty: boolean },
): Attachment {
  const stdin = options.stdin ? new SocketStdin(socket) : undefined;
  const output = splitOutput(socket, { tty: options.tty, resetIsEnd: options.stdin });
  return { ...output, stdin, close: () => destroyAll(socket, output.stdout, output.stderr) };
}

/** The streams of an answer that only the engine writes (logs). */
export function attachToAnswer(answer: Readable, options: { readonly tty: boolean }): Attachment {
  const output = splitOutput(answer, { tty: options.tty, resetIsEnd: false });
  return { ...output, stdin: undefined, close: () => destroyAll(answer, output.stdout, output.stderr) };
}

function destroyAll(...streams: readonly Readable[]): void {
  for (const stream of streams) stream.destroy();
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
    keepReadableOnBrokenPipe(socket, () => this.destroy());
    socket.once("close", () => this.destroy());
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, callback: (error?: Error | null) => void): void {
    this.#socket.write(chunk, () => callback());
  }

  override _final(callback: (error?: Error | null) => void): void {
    this.#socket.end();
    callback();
  }
}

type WriteCallback = (error?: Error | null) => void;

/**
 * Node destroys a socket at the first failed write and throws away what could still be read. A workload that ends
 * without reading its stdin makes just that failure, and its last words are what is still to be read. So a broken
 * pipe is kept from the socket: `onBroken` hears of it, and reading goes on to the end of the stream.
 */
function keepReadableOnBrokenPipe(socket: Socket, onBroken: () => void): void {
  const sift = (callback: WriteCallback): WriteCallback => {
    return (error) => {
      if ((error as NodeJS.ErrnoException | null | undefined)?.code !== "EPIPE") return callback(error);
      onBroken();
      callback();
    };
  };
  const write = socket._write.bind(socket);
  socket._write = (chunk, encoding, callback) => write(chunk, encoding, sift(callback));
  const writev = socket._writev?.bind(socket);
  if (writev !== undefined) socket._writev = (chunks, callback) => writev(chunks, sift(callback));
}
