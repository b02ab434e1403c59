import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";

/** What one fuzzed parser has stood. */
export interface FuzzRow {
  readonly parser: string;
  readonly inputs: number;
  readonly seed: number;
}

declare module "vitest" {
  interface ProvidedContext {
    /** The file where test files, each in its own process, put their rows. */
    fuzzLedger: string | undefined;
  }
}

let folder = "";

export function setup(project: TestProject): void {
  folder = mkdtempSync(join(tmpdir(), "nmzc-fuzz-"));
  project.provide("fuzzLedger", join(folder, "rows"));
}

/** After the last file: which parser stood how many inputs of which seed. */
export function teardown(): void {
  const ledger = join(folder, "rows");
  const lines = existsSync(ledger) ? readFileSync(ledger, "utf8").trimEnd().split("\n") : [];
  rmSync(folder, { recursive: true, force: true });
  if (lines.length === 0) return;
  const rows = lines.map((line) => JSON.parse(line) as FuzzRow);
  process.stdout.write(`\n${renderTable(rows)}\n`);
}

export function renderTable(rows: readonly FuzzRow[]): string {
  const sorted = [...rows].sort((a, b) => a.parser.localeCompare(b.parser));
  const width = Math.max(...sorted.map(({ parser }) => parser.length));
  const line = (parser: string, inputs: string, seed: string) =>
    `${parser.padEnd(width)}  ${inputs.padStart(9)}  ${seed}`;
  const total = rows.reduce((sum, { inputs }) => sum + inputs, 0);
  return [
    line("parser", "inputs", "seed"),
    ...sorted.map(({ parser, inputs, seed }) => line(parser, String(inputs), String(seed))),
    line("all", String(total), ""),
  ]
    .map((text) => text.trimEnd())
    .join("\n");
}
