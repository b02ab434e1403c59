import { messageOf } from "../../util/index.js";
import type { RunSurroundings } from "./run-draft.js";

/**
 * A file of `--env-file` or `--label-file`: one `KEY=VALUE` a line, taken as it stands, quotes included; lines that begin with "#"
 * and empty ones are skipped, white space before the key too. A key alone takes its value from `lookup`, or is left out.
 */
export function readKeyValueFile(
  path: string,
  surroundings: RunSurroundings,
  lookup: (key: string) => string | undefined,
): readonly string[] {
  const pairs: string[] = [];
  for (const [index, raw] of decode(path, surroundings).split("\n").entries()) {
    const line = raw.replace(/\r$/, "").trimStart();
    if (line === "" || line.startsWith("#")) continue;
    const [key = "", ...rest] = line.split("=");
    const where = `${path}, line ${index + 1}`;
    if (key === "") throw new Error(`${where}: no variable name on line '${line}'`);
    if (/[ \t]/.test(key)) throw new Error(`${where}: variable '${key}' contains whitespaces`);
    if (rest.length > 0) pairs.push(line);
    else {
      const value = lookup(key);
      if (value !== undefined) pairs.push(`${key}=${value}`);
    }
  }
  return pairs;
}

function decode(path: string, surroundings: RunSurroundings): string {
  let bytes: Buffer;
  try {
    bytes = surroundings.readFile(path);
  } catch (error) {
    throw new Error(`cannot read ${path}: ${messageOf(error)}`);
  }
  try {
    // Takes a byte order mark away as well.
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new Error(`${path} is not valid UTF-8`);
  }
}

/** `-e`: KEY=VALUE, or KEY alone to take the value from here; a KEY that is not set here stays alone and unsets the image's. */
export function completeVariable(text: string, env: Readonly<Record<string, string | undefined>>): string {
  const key = text.split("=", 1)[0]!;
  if (key === "") throw new Error(`invalid environment variable: ${text}`);
  const value = env[key];
  return key === text && value !== undefined ? `${key}=${value}` : text;
}

export function checkLabel(text: string): string {
  const key = text.split("=", 1)[0]!.replace(/^[ \t]+/, "");
  if (key === "") throw new Error(`invalid label '${text}': empty name`);
  if (/[ \t]/.test(key)) throw new Error(`label '${key}' contains whitespaces`);
  return text;
}
