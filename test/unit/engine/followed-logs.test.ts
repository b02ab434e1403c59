import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import type { Attachment } from "../../../runtime/engine/engine.js";
import { EngineError } from "../../../runtime/engine/engine-error.js";
import { followedToTheEnd } from "../../../runtime/engine/followed-logs.js";

/** A log of these pieces, ended. */
function logOf(out: readonly string[], err: readonly string[] = []): Attachment & { isClosed: boolean } {
  const streamOf = (pieces: readonly string[]): PassThrough => {
    const stream = new PassThrough();
    for (const piece of pieces) stream.write(piece);
    stream.end();
    return stream;
  };
  const log = {
    ...{ stdout: streamOf(out), stderr: streamOf(err), stdin: undefined, done: Promise.resolve() },
    isClosed: false,
    close: () => {
      log.isClosed = true;
    },
  };
  return log;
}

async function read({ stdout, stderr, done }: Attachment): Promise<readonly string[]> {
  const read = await Promise.all([text(stdout), text(stderr)]);
  await done;
  return read;
}

describe("A followed log", () => {
  it("is completed with what did not come, on both streams", async () => {
    const followed = logOf(["on", "e\n"], ["warning\n"]);
    const whole = logOf(["one\ntw", "o\n"], ["warning\n", "error\n"]);
    expect(await read(followedToTheEnd(followed, async () => whole))).toEqual([
      "one\ntwo\n",
      "warning\nerror\n",
    ]);
  });

  it("is left as it is when all of it came, and when the log is shorter by then", async () => {
    for (const whole of ["one\n", "o"]) {
      const log = followedToTheEnd(logOf(["one\n"]), async () => logOf([whole]));
      expect(await read(log)).toEqual(["one\n", ""]);
    }
  });

  it("ends where it ended when the container was removed", async () => {
    const gone = async (): Promise<Attachment> => {
      throw new EngineError("no such container", { status: 404 });
    };
    expect(await read(followedToTheEnd(logOf(["one\n"]), gone))).toEqual(["one\n", ""]);
  });

  it("hands on more than streams hold", async () => {
    const long = "x".repeat(1_000_000);
    const log = followedToTheEnd(logOf([long]), async () => logOf([long, "end\n"]));
    expect((await read(log))[0]).toBe(`${long}end\n`);
  });

  it("is read no further once it is closed", async () => {
    const followed = logOf(["x".repeat(1_000_000)]);
    let isReadAgain = false;
    const log = followedToTheEnd(followed, async () => {
      isReadAgain = true;
      return logOf([]);
    });
    log.close();
    await log.done;
    expect({ isReadAgain, isClosed: followed.isClosed }).toEqual({ isReadAgain: false, isClosed: true });
  });
});
