import { readdirSync } from "node:fs";
import { join } from "node:path";

/** The names in a storage, as the original has them. */
export const names = {
  counter: "SearchModeInfo",
  config: "config.toml",
  materials: "materials",
  result: "result.json",
  actions: "actions",
  history: "history",
  log: "nmz.log",
  /** Of 2015: a gob. */
  oldResult: "result",
} as const;

/** The folder of run `number` in a storage: "0000000a" is the 11th. */
export function runName(number: number): string {
  return number.toString(16).padStart(8, "0");
}

/** The numbers of the runs that have a folder, in order. Throws what the file system throws. */
export function runNumbers(storage: string): number[] {
  return readdirSync(storage, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && /^[\da-f]{8,13}$/.test(entry.name))
    .map(({ name }) => Number.parseInt(name, 16))
    .sort((a, b) => a - b);
}

export function runFolder(storage: string, number: number): string {
  return join(storage, runName(number));
}

/** In a storage whose init script has not ended well; what it holds is why. */
export const initFailedMark = "init-failed";
