import { PassThrough, type Readable } from "node:stream";
import { setImmediate as turn } from "node:timers/promises";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { splitOutput } from "../../../runtime/engine/output-streams.js";

function frame(stream: number, payload: Buffer | string): Buffer {
  const body = Buffer.from(payload as string);
  const header = Buffer.alloc(8);
  header[0] = stream;
  header.writeUInt32BE(body.length, 4);
  return Buffer.concat([header, body]);
}

async function gather(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

const plain = { tty: false, resetIsEnd: false };

describe("splitOutput", () => {
  it("keeps stdout and stderr apart wherever the frames are cut", async () => {
    const frames = fc.array(
      fc.record({ stream: fc.constantFrom(1, 2), payload: fc.uint8Array({ maxLength: 40 }) }),
      { maxLength: 12 },
    );
    await fc.assert(
      fc.asyncProperty(
        frames,
        fc.array(fc.integer({ min: 1, max: 17 }), { minLength: 1 }),
        async (all, cuts) => {
          const source = new PassThrough();
          const output = splitOutput(source, plain);
          const gathered = Promise.all([gather(output.stdout), gather(output.stderr)]);
          const bytes = Buffer.concat(all.map(({ stream, payload }) => frame(stream, Buffer.from(payload))));
          for (let offset = 0, turnNumber = 0; offset < bytes.length; turnNumber++) {
            const length = cuts[turnNumber % cuts.length]!;
            source.write(bytes.subarray(offset, offset + length));
            offset += length;
          }
          source.end();
          const expected = [1, 2].map((wanted) =>
            Buffer.concat(all.filter(({ stream }) => stream === wanted).map(({ payload }) => payload)),
          );
          expect(await gathered).toEqual(expected);
          await output.done;
        },
      ),
      { numRuns: 200 },
    );
  });

  it("passes a tty's bytes through as stdout", async () => {
    const source = new PassThrough();
    const output = splitOutput(source, { tty: true, resetIsEnd: false });
    source.end(frame(2, "looks like a frame"));
    expect(await gather(output.stdout)).toEqual(frame(2, "looks like a frame"));
    expect(await gather(output.stderr)).toEqual(Buffer.alloc(0));
  });

  it("stops reading while nobody takes the output, and goes on when somebody does", async () => {
    const source = new PassThrough({ highWaterMark: 64 * 1024 });
    const output = splitOutput(source, plain);
    const chunk = frame(1, Buffer.alloc(64 * 1024, 1));
    let written = 0;
    const total = 200;
    const writing = (async () => {
      while (written < total) {
        written += 1;
        if (!source.write(chunk)) await new Promise((resolve) => source.once("drain", resolve));
      }
      source.end();
    })();
    for (let i = 0; i < 200; i++) await turn();
    expect(written).toBeLessThan(12); // 256 KiB of ours, the source's own, and what is under way
    expect((await gather(output.stdout)).length).toBe(total * 64 * 1024);
    await writing;
    await output.done;
  });

  it("is done only when what was sent has been taken", async () => {
    const source = new PassThrough();
    const output = splitOutput(source, plain);
    let isDone = false;
    void output.done.then(() => {
      isDone = true;
    });
    source.end(Buffer.concat([frame(1, "words"), frame(2, "")]));
    for (let i = 0; i < 20; i++) await turn();
    expect(isDone).toBe(false);
    expect((await gather(output.stdout)).toString()).toBe("words");
    await output.done;
  });

  it("fails with the engine's words when the engine sends an error as a frame", async () => {
    const source = new PassThrough();
    const output = splitOutput(source, plain);
    source.end(frame(3, "error from daemon in stream: log driver died\n"));
    await expect(output.done).rejects.toThrow("error from daemon in stream: log driver died");
  });

  it("fails on a stream that is not framed", async () => {
    const source = new PassThrough();
    const output = splitOutput(source, plain);
    source.end("hello world, no frames here");
    await expect(output.done).rejects.toMatchObject({ code: "PROTOCOL" });
  });

  it("takes a reset for the end where stdin was open, and for a lost engine elsewhere", async () => {
    const reset = Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" });
    const withStdin = new PassThrough();
    const ended = splitOutput(withStdin, { tty: false, resetIsEnd: true }).done;
    withStdin.destroy(reset);
    await expect(ended).resolves.toBeUndefined();
    const without = new PassThrough();
    const lost = splitOutput(without, plain).done;
    without.destroy(reset);
    await expect(lost).rejects.toMatchObject({ code: "ENGINE_GONE" });
  });
});
