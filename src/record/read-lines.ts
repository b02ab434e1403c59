import { closeSync, openSync, readSync } from "node:fs";
import { StringDecoder } from "node:string_decoder";

const chunkBytes = 1 << 16;

/**
 * The whole lines of a file, one at a time, with their numbers from 1; what stands behind the last newline is left out,
 * because its writer was killed while it wrote it. Throws what the file system throws.
 */
export function* readLines(file: string): Generator<{ readonly number: number; readonly text: string }> {
  const fd = openSync(file, "r");
  try {
    const decoder = new StringDecoder("utf8");
    const chunk = Buffer.allocUnsafe(chunkBytes);
    let rest = "";
    let number = 0;
    for (;;) {
      const count = readSync(fd, chunk, 0, chunkBytes, null);
      if (count === 0) return;
      const lines = (rest + decoder.write(chunk.subarray(0, count))).split("\n");
      rest = lines.pop()!;
      for (const text of lines) {
        number += 1;
        yield { number, text };
      }
    }
  } finally {
    closeSync(fd);
  }
}
