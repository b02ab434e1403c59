import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type RunLine, readRunLines } from "../../src/campaign/index.js";

/** A folder for campaigns, and what removes it. */
export function campaignPlace(): { readonly place: string; remove(): void } {
  const place = mkdtempSync(join(tmpdir(), "nmzc-loop-"));
  return { place, remove: () => rmSync(place, { recursive: true, force: true }) };
}

export function linesOf(folder: string): readonly RunLine[] {
  return [...readRunLines(folder)];
}

/** Numbers of the runs that have ended, sorted: each once. */
export function runsOf(folder: string): readonly number[] {
  return linesOf(folder)
    .map(({ run }) => run)
    .sort((a, b) => a - b);
}

export function upTo(count: number): readonly number[] {
  return Array.from({ length: count }, (_, run) => run);
}

/** Resolves when the condition holds; the tests' own timeout is the limit. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 50));
}
