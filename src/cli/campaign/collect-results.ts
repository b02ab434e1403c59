import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  openSync,
  readlinkSync,
  readSync,
  realpathSync,
  writeSync,
} from "node:fs";
import { basename, join } from "node:path";
import { makeFolders, messageOf } from "../../util/index.js";

/** What is larger is left where it is, and told. */
export const maximumResultBytes = 64 << 20;
/** Of all that one run leaves. */
export const maximumResultsBytes = 256 << 20;

/**
 * Copies result files into the run's folder, under their names; of two with one name the second is "2-NAME". `warn` hears of each
 * that is left out. The workload may have put something else in a file's place since it was found, so what is opened is
 * what is looked at: a plain file, reached by no link below `roots`, the folders that the workload could write to.
 */
export function collectResults(
  files: readonly string[],
  roots: readonly string[],
  folder: string,
  warn: (text: string) => void = () => {},
): void {
  if (files.length === 0) return;
  makeFolders(folder);
  let left = maximumResultsBytes;
  for (const file of files) {
    const target = join(folder, freeName(folder, file));
    try {
      left -= copyPlainFile(file, withoutLinks(file, roots), target, left);
    } catch (error) {
      warn(`the result file ${file} is not kept: ${messageOf(error)}`);
    }
  }
}

/** The file's own name in a folder, or "2-NAME" and so on where that is taken. */
export function freeName(folder: string, file: string): string {
  let name = basename(file);
  for (let number = 2; existsSync(join(folder, name)); number++) name = `${number}-${basename(file)}`;
  return name;
}

/** Where the file really lies when there is no link below its root; those above are the user's own. */
function withoutLinks(file: string, roots: readonly string[]): string {
  const root = roots.find((each) => file.startsWith(`${each.replace(/\/$/, "")}/`));
  if (root === undefined) throw new Error("it is in none of the run's folders");
  return join(realpathSync(root), file.slice(root.length));
}

/** Returns how many bytes. */
function copyPlainFile(file: string, expected: string, target: string, leftBytes: number): number {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
  const from = openSync(file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  try {
    const stats = fstatSync(from);
    if (!stats.isFile()) throw new Error("it is no plain file");
    const opened = readlinkSync(`/proc/self/fd/${from}`);
    if (opened !== expected) throw new Error(`a link leads from it to ${opened}`);
    if (stats.size > maximumResultBytes)
      throw new Error(`it is larger than ${maximumResultBytes >>> 20} MiB`);
    if (stats.size > leftBytes) {
      throw new Error(`the run's result files are larger than ${maximumResultsBytes >>> 20} MiB together`);
    }
    return copyDescriptor(from, target);
  } finally {
    closeSync(from);
  }
}

function copyDescriptor(from: number, target: string): number {
  const to = openSync(target, "wx", 0o644);
  try {
    const buffer = Buffer.allocUnsafe(64 * 1024);
    let copied = 0;
    // It may grow while it is read.
    while (copied <= maximumResultBytes) {
      const count = readSync(from, buffer, 0, buffer.length, null);
      if (count === 0) break;
      for (let written = 0; written < count; ) written += writeSync(to, buffer, written, count - written);
      copied += count;
    }
    return copied;
  } finally {
    closeSync(to);
  }
}
