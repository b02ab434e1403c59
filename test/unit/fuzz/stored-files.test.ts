import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe } from "vitest";
import {
  analyseClass,
  CoverageFormatError,
  countersOf,
  coverClass,
  readExecutionData,
} from "../../../src/coverage/index.js";
import { decodeGob, GobError } from "../../../src/experiment/gob/index.js";
import { encodeSearchModeInfo } from "../../../src/experiment/storage/index.js";
import { damagedBytes } from "./damage.js";
import { fuzz } from "./fuzz.js";

const fixtures = fileURLToPath(new URL("../../fixtures", import.meta.url));
const history = readFileSync(join(fixtures, "namazu-storage/00000000/history"));
const choice = readFileSync(join(fixtures, "java/Choice.class"));

/** Runs the parser, and lets through what it says that it throws. */
function expecting(kind: new (message: string, offset: number) => Error, parse: () => unknown): void {
  try {
    parse();
  } catch (error) {
    if (!(error instanceof kind)) throw error;
  }
}

describe("Files that others stored", () => {
  fuzz("gob", 15_000, damagedBytes([history, encodeSearchModeInfo(3), encodeSearchModeInfo(0)]), (bytes) => {
    expecting(GobError, () => decodeGob(bytes));
  });

  const execution = Buffer.from("01c0c010071100000000000000ff0001410a0902", "hex");
  fuzz("execution data", 15_000, damagedBytes([execution]), (bytes) => {
    expecting(CoverageFormatError, () => readExecutionData(bytes));
  });

  fuzz("class files", 15_000, damagedBytes([choice]), (bytes) => {
    expecting(CoverageFormatError, () => {
      const analysed = analyseClass(bytes);
      if (analysed === undefined) return;
      const probes = [true, false, true, true];
      const { instruction, branch } = countersOf(coverClass(analysed, { id: "", name: "", probes }));
      for (const count of [...Object.values(instruction), ...Object.values(branch)]) {
        if (!(count >= 0)) throw new Error(`${count} instructions or branches`);
      }
    });
  });
});
