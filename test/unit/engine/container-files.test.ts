import { PassThrough, type Readable } from "node:stream";
import { type Header, pack } from "tar-stream";
import { describe, expect, it } from "vitest";
import { readArchive } from "../../../runtime/engine/container-files.js";

type Entry = Partial<Header> & { readonly name: string; readonly content?: string };

function archiveOf(entries: readonly Entry[]): Readable {
  const archive = pack();
  for (const { content = "", ...header } of entries) archive.entry(header, content);
  archive.finalize();
  return archive.pipe(new PassThrough()) as unknown as Readable;
}

interface Read {
  readonly end: "whole" | "cut" | string;
  /** Path → content of what was offered. */
  readonly files: Readonly<Record<string, string>>;
  readonly closed: number;
}

async function read(archive: Readable, maximumBytes = 1 << 20, signal?: AbortSignal): Promise<Read> {
  const files: Record<string, string> = {};
  let closed = 0;
  const end = await readArchive(archive, "/app/results/", {
    ...{ maximumBytes, signal },
    take: ({ path }) => {
      files[path] = "";
      return {
        write: (chunk) => {
          files[path] += Buffer.from(chunk).toString();
        },
        close: () => {
          closed++;
        },
      };
    },
  }).catch((error: unknown) => String(error));
  return { end, files, closed };
}

describe("readArchive", () => {
  it("offers each plain file under its path in the container", async () => {
    const archive = archiveOf([
      { name: "./", type: "directory" },
      { name: "./a.xml", content: "one" },
      { name: "deep/b.xml", content: "two" },
    ]);
    expect(await read(archive)).toEqual({
      end: "whole",
      files: { "/app/results/a.xml": "one", "/app/results/deep/b.xml": "two" },
      closed: 2,
    });
  });

  it("passes over links, devices and pipes, whatever they are called", async () => {
    const archive = archiveOf([
      { name: "symbolic.xml", type: "symlink", linkname: "/etc/shadow" },
      { name: "hard.xml", type: "link", linkname: "../../etc/shadow" },
      { name: "disk.xml", type: "block-device", devmajor: 8 },
      { name: "null.xml", type: "character-device", devmajor: 1 },
      { name: "pipe.xml", type: "fifo" },
      { name: "last.xml", content: "here" },
    ]);
    expect((await read(archive)).files).toEqual({ "/app/results/last.xml": "here" });
  });

  it("passes over names that lead out of the folder", async () => {
    const archive = archiveOf([
      { name: "../outside.xml", content: "x" },
      { name: "a/../../outside.xml", content: "x" },
      { name: "/etc/cron.d/outside.xml", content: "x" },
      { name: `${"long/".repeat(60)}../../outside.xml`, content: "x" },
    ]);
    expect(await read(archive)).toEqual({ end: "whole", files: {}, closed: 0 });
  });

  it("ends before it reads more than it may, whoever wants it", async () => {
    const archive = archiveOf([
      { name: "small.xml", content: "small" },
      { name: "large.bin", content: "x".repeat(2000) },
      { name: "after.xml", content: "after" },
    ]);
    expect(await read(archive, 1000)).toEqual({
      end: "cut",
      files: { "/app/results/small.xml": "small" },
      closed: 1,
    });
    expect(archive.destroyed).toBe(true);
  });

  it("believes a header of a file that says how huge it is, and reads nothing of it", async () => {
    const archive = new PassThrough();
    const headers = pack();
    headers.entry({ name: "huge.xml", size: 2 ** 40 });
    headers.once("data", (header) => archive.write(header as Buffer));
    expect(await read(archive)).toEqual({ end: "cut", files: {}, closed: 0 });
  });

  it("throws, and closes what was begun, when the archive ends early, is no archive, or its time is over", async () => {
    const cut = new PassThrough();
    const headers = pack();
    headers.entry({ name: "half.xml", size: 5000 });
    headers.once("data", (header) => {
      cut.write(header as Buffer);
      cut.end("half of it");
    });
    const half = await read(cut);
    expect([half.end, half.closed]).toEqual([expect.stringMatching(/Error/), 1]);
    const noise = new PassThrough();
    noise.end(Buffer.alloc(2048, "noise"));
    expect((await read(noise)).end).toMatch(/Error/);
    const gone = new PassThrough();
    const reading = read(gone);
    gone.destroy();
    expect((await reading).end).toMatch(/ends early/);
    expect((await read(new PassThrough(), 1000, AbortSignal.abort())).end).toMatch(/aborted/);
  });
});
