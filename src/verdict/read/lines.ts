/** A longer line is cut: one line without an end must not fill the memory. */
export const maximumLineLength = 1024 * 1024;

export interface Line {
  /** From 1. */
  readonly number: number;
  readonly text: string;
  /** False: the text ended within this line. */
  readonly isWhole: boolean;
}

/** The lines of a text that comes in pieces, without their ends. */
export async function* linesOf(chunks: AsyncIterable<string>): AsyncGenerator<Line> {
  let rest = "";
  let number = 1;
  for await (const chunk of chunks) {
    let from = 0;
    for (let end = chunk.indexOf("\n"); end >= 0; end = chunk.indexOf("\n", from)) {
      yield { number: number++, text: withoutReturn(cut(rest, chunk.slice(from, end))), isWhole: true };
      rest = "";
      from = end + 1;
    }
    rest = cut(rest, chunk.slice(from));
  }
  if (rest !== "") yield { number, text: withoutReturn(rest), isWhole: false };
}

function cut(start: string, more: string): string {
  return start.length + more.length <= maximumLineLength
    ? start + more
    : (start + more).slice(0, maximumLineLength);
}

function withoutReturn(line: string): string {
  return line.endsWith("\r") ? line.slice(0, -1) : line;
}
