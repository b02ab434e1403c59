import { createHash } from "node:crypto";

/** The name of a test that nobody gave one: what is run, as a shell would take it. */
export function testName(image: string, command: readonly string[]): string {
  return [image, ...command].map(quoted).join(" ");
}

/** The short name that `nmz seeds` shows, for names that are whole scripts: 8 hexadecimal digits. */
export function testId(name: string): string {
  return fingerprint(name);
}

/** 8 hexadecimal digits that say whether two things are equal. */
export function fingerprint(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("hex").slice(0, 8);
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
