import type { Readable } from "node:stream";

/** The JSON values of a stream, one a line (the engine's progress streams). */
export async function* readJsonLines(source: Readable): AsyncGenerator<unknown> {
  let rest = "";
  source.setEncoding("utf8");
  for await (const text of source as AsyncIterable<string>) {
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    for (const line of lines) {
      if (line.trim() !== "") yield JSON.parse(line);
    }
  }
  if (rest.trim() !== "") yield JSON.parse(rest);
}
