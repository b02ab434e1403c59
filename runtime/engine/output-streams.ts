import { Readable } from "node:stream";
import { EngineError, toEngineError } from "./engine-error.js";

/** Enough for the engine's largest frames to pass without a pause; a slow reader never costs more than this. */
const bufferedBytes = 256 * 1024;

/** A stream of frames: byte 0 is the stream (1 stdout, 2 stderr, 3 an error of the engine), bytes 4–7 the size. */
const headerBytes = 8;

export interface OutputStreams {
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Resolves when the source has ended and both streams were read to their end. */
  readonly done: Promise<void>;
}

/**
 * Splits what the engine sends into stdout and stderr (Docker Engine API, "Stream format"; with a tty there are
 * no frames and everything is stdout). Payload is passed on as it comes, never gathered: the source is paused while
 * one of the two is full, so output that nobody reads waits in the workload and not in our memory.
 *
 * `resetIsEnd`: an engine that closes a connection with unread stdin resets it, which is then a normal end.
 */
export function splitOutput(
  source: Readable,
  options: { readonly tty: boolean; readonly resetIsEnd: boolean },
): OutputStreams {
  const full = new Set<Readable>();
  const makeOutput = (): Readable => {
    const output: Readable = new Readable({
      highWaterMark: bufferedBytes,
      read() {
        if (full.delete(output) && full.size === 0) source.resume();
      },
    });
    return output;
  };
  const stdout = makeOutput();
  const stderr = makeOutput();
  const handOn = (output: Readable, chunk: Buffer): void => {
    if (output.destroyed || output.push(chunk)) return;
    full.add(output);
    source.pause();
  };

  let failure: EngineError | undefined;
  const frames = new FrameReader();
  source.on("data", (chunk: Buffer) => {
    if (options.tty) {
      handOn(stdout, chunk);
      return;
    }
    try {
      frames.read(chunk, (stream, payload) => handOn(stream === 2 ? stderr : stdout, payload));
    } catch (error) {
      failure = toEngineError(error, "read output");
      source.destroy();
    }
  });
  source.on("error", (error: NodeJS.ErrnoException) => {
    if (options.resetIsEnd && (error.code === "ECONNRESET" || error.code === "EPIPE")) return;
    failure ??= toEngineError(error, "read output");
  });

  const done = new Promise<void>((resolve, reject) => {
    const finish = (): void => {
      failure ??= frames.errorOfEngine;
      Promise.all([handedOn(stdout), handedOn(stderr)]).then(() =>
        failure === undefined ? resolve() : reject(failure),
      );
    };
    source.once("end", finish);
    source.once("close", finish);
  });
  done.catch(() => {}); // whoever cares awaits it; nobody may fall over it
  return { stdout, stderr, done };
}

/** Ends `output` and waits until its reader has had everything; one with nothing in it needs no reader. */
function handedOn(output: Readable): Promise<void> {
  if (!output.readableEnded && !output.destroyed && !endsPushed.has(output)) {
    endsPushed.add(output);
    output.push(null);
  }
  if (output.readableLength === 0 || output.readableEnded || output.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    output.once("end", resolve);
    output.once("close", resolve);
  });
}

const endsPushed = new WeakSet<Readable>();

/** Finds the frames in chunks that were cut anywhere. */
class FrameReader {
  readonly #header = Buffer.alloc(headerBytes);
  #headerLength = 0;
  #stream = 0;
  #payloadLeft = 0;
  #engineWords = "";

  /** What the engine itself had to say in the stream, if it did. */
  get errorOfEngine(): EngineError | undefined {
    return this.#engineWords === "" ? undefined : new EngineError(this.#engineWords.trim());
  }

  read(chunk: Buffer, onPayload: (stream: number, payload: Buffer) => void): void {
    let offset = 0;
    while (offset < chunk.length) {
      if (this.#payloadLeft === 0) {
        const copied = chunk.copy(this.#header, this.#headerLength, offset);
        offset += copied;
        this.#headerLength += copied;
        if (this.#headerLength === headerBytes) this.#startFrame();
        continue;
      }
      const payload = chunk.subarray(offset, offset + this.#payloadLeft);
      offset += payload.length;
      this.#payloadLeft -= payload.length;
      if (this.#stream === 3) this.#engineWords += payload.toString("utf8");
      else onPayload(this.#stream, payload);
    }
  }

  #startFrame(): void {
    this.#headerLength = 0;
    this.#stream = this.#header[0]!;
    this.#payloadLeft = this.#header.readUInt32BE(4);
    if (this.#stream > 3) {
      throw new EngineError(`the engine sent a frame of unknown stream ${this.#stream}`, {
        code: "PROTOCOL",
      });
    }
  }
}
