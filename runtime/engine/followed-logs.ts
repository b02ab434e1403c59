import { PassThrough, type Readable } from "node:stream";
import type { Attachment } from "./engine.js";

/**
 * A followed log, and then what of it did not come: `readAgain` reads it from the same place without following, and what was
 * handed on already is passed over. A log that can no longer be read (the container was removed) ends where it ended.
 */
export function followedToTheEnd(followed: Attachment, readAgain: () => Promise<Attachment>): Attachment {
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  const open = [followed];
  const rest = async (): Promise<void> => {
    const [out, err] = await Promise.all([
      pass(followed.stdout, stdout, 0),
      pass(followed.stderr, stderr, 0),
    ]);
    await followed.done;
    if (stdout.destroyed) return;
    const again = await readAgain().catch(() => undefined);
    if (again === undefined) return;
    open.push(again);
    await Promise.all([pass(again.stdout, stdout, out), pass(again.stderr, stderr, err)]);
  };
  const done = rest().finally(() => {
    stdout.end();
    stderr.end();
  });
  const close = (): void => {
    for (const attachment of open) attachment.close();
    stdout.destroy();
    stderr.destroy();
  };
  return { stdout, stderr, stdin: undefined, done, close };
}

/** Hands on all but the first `skip` bytes, at the reader's pace; answers how many bytes there were. */
async function pass(from: Readable, to: PassThrough, skip: number): Promise<number> {
  let seen = 0;
  try {
    for await (const chunk of from as AsyncIterable<Buffer>) {
      const fresh = chunk.subarray(Math.max(0, Math.min(chunk.length, skip - seen)));
      seen += chunk.length;
      if (to.destroyed) break;
      if (fresh.length > 0 && !to.write(fresh)) await room(to);
    }
  } catch {
    // Whoever reads has closed it, or the engine is gone: what came has been handed on.
  }
  return seen;
}

function room(stream: PassThrough): Promise<void> {
  return new Promise((resolve) => {
    const settle = (): void => {
      stream.off("drain", settle).off("close", settle);
      resolve();
    };
    stream.on("drain", settle).on("close", settle);
  });
}
