import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { messageOf } from "../../util/index.js";
import { decodeGob } from "../gob/index.js";
import { goJson } from "./go-json.js";
import { names } from "./layout.js";

/** result.json, whose keys are the original's. */
export interface ExperimentResult {
  readonly successful: boolean;
  /** Of the run script and the orchestrator's end, without validation and cleaning. */
  readonly requiredTimeNs: number;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** Written last, whole or not at all: what has it has ended. */
export function writeResult(
  folder: string,
  { successful, requiredTimeNs, metadata }: ExperimentResult,
): void {
  const file = join(folder, names.result);
  // The order of the original's struct, not of the alphabet.
  const members = [
    `"successful": ${successful}`,
    `"required_time": ${requiredTimeNs}`,
    `"metadata": ${goJson(metadata, "\t")}`,
  ];
  const text = `{\n\t${members.join(",\n\t")}\n}`;
  writeFileSync(`${file}.new`, text, { mode: 0o644 });
  renameSync(`${file}.new`, file);
}

/**
 * The result of a run's folder, from result.json or from the gob of 2015. An Error says why there is none: in Go's words for a
 * file that is missing, as the original's `tools summary` prints them.
 */
export function readResult(folder: string): ExperimentResult | Error {
  const file = join(folder, names.result);
  try {
    return resultFrom(JSON.parse(readFileSync(file, "utf8")), "successful", "required_time");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") return new Error(`${file}: ${messageOf(error)}`);
  }
  try {
    return resultFrom(decodeGob(readFileSync(join(folder, names.oldResult))), "Succeed", "RequiredTime");
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === "ENOENT";
    return new Error(isMissing ? `open ${file}: no such file or directory` : messageOf(error));
  }
}

function resultFrom(value: unknown, successKey: string, timeKey: string): ExperimentResult {
  if (typeof value !== "object" || value === null) throw new Error("it holds no result");
  const given = value as Readonly<Record<string, unknown>>;
  const { metadata } = given;
  return {
    successful: given[successKey] === true,
    requiredTimeNs: typeof given[timeKey] === "number" ? given[timeKey] : 0,
    metadata: typeof metadata === "object" && metadata !== null ? { ...metadata } : {},
  };
}
