import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { NmzError } from "../../util/index.js";

/** Larger result files are a mistake, or hostile; what is read of them is little, but reading takes its time. */
export const maximumFileBytes = 512 * 1024 * 1024;

/**
 * The text of a file that a container may have written: no link is followed, no pipe waited for. Bytes that are no UTF-8
 * become U+FFFD. Throws NMZ_VERDICT_UNREADABLE.
 */
export async function* readChunks(path: string): AsyncGenerator<string> {
  const file = await openPlainFile(path);
  const decoder = new TextDecoder();
  try {
    const buffer = Buffer.allocUnsafe(64 * 1024);
    for (;;) {
      const { bytesRead } = await file.read(buffer);
      if (bytesRead === 0) break;
      yield decoder.decode(buffer.subarray(0, bytesRead), { stream: true });
    }
    yield decoder.decode();
  } finally {
    await file.close();
  }
}

async function openPlainFile(path: string): Promise<FileHandle> {
  const failed = (why: string, cause?: unknown) =>
    new NmzError("NMZ_VERDICT_UNREADABLE", `the result file ${path} cannot be read: ${why}`, {
      hint: "let --results name files that the tests write",
      cause,
    });
  let file: FileHandle;
  try {
    file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    throw failed((error as NodeJS.ErrnoException).code ?? String(error), error);
  }
  const stats = await file.stat();
  const why = stats.isFile()
    ? stats.size > maximumFileBytes && `it is larger than ${maximumFileBytes >>> 20} MiB`
    : "it is no plain file";
  if (why === false) return file;
  await file.close();
  throw failed(why);
}
