import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { printable } from "../../util/index.js";

const mostBytes = 16 << 10;
const mostLines = 60;

/** The last lines of what a run wrote, without colours and control characters; undefined: there is no such file. */
export function outputTail(runFolder: string): string | undefined {
  const path = join(runFolder, "output.log");
  let fd: number;
  try {
    fd = openSync(path, "r");
  } catch {
    return undefined;
  }
  try {
    const { size } = fstatSync(fd);
    const start = Math.max(0, size - mostBytes);
    const bytes = Buffer.alloc(size - start);
    const count = readSync(fd, bytes, 0, bytes.length, start);
    return lastLines(bytes.subarray(0, count).toString("utf8"), start > 0);
  } catch {
    return undefined;
  } finally {
    closeSync(fd);
  }
}

function lastLines(text: string, isCut: boolean): string {
  const lines = stripVTControlCharacters(text).trimEnd().split(/\r*\n/);
  if (isCut) lines.shift();
  const shown = lines.slice(-mostLines);
  // Of a line that overwrote itself, as a progress bar does, the last state is what a person saw.
  const seen = shown.map((line) => line.slice(line.lastIndexOf("\r") + 1));
  return printable([...(isCut || shown.length < lines.length ? ["…"] : []), ...seen].join("\n"));
}
