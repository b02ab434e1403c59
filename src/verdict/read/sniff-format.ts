import { withoutColour } from "../plain-text.js";
import { goEventOf } from "./go/go-event.js";

export type ResultFormat = "junit" | "tap" | "go";

/** As much of a text as is looked at. A program may have printed something before its tests began. */
export const sniffedLength = 256 * 1024;

/** Which format the start of a file is; undefined: none that is known. */
export function sniffFile(start: string): ResultFormat | undefined {
  const text = start.replace(/^\uFEFF/, "").trimStart();
  if (text.startsWith("<")) return /<(?:testsuites?|testcase)[\s/>]/.test(text) ? "junit" : undefined;
  return sniffOutput(text);
}

/**
 * Which format a program's output is, other lines among it. One line that looks like TAP is not enough: programs print
 * "ok 1" for reasons of their own; a version or a plan, and a test point, make it TAP.
 */
export function sniffOutput(start: string): ResultFormat | undefined {
  const lines = withoutColour(start).split("\n");
  if (lines.some((line) => goEventOf(line.trimEnd()) !== undefined)) return "go";
  if (lines.some((line) => /^TAP version \d+\s*$/.test(line))) return "tap";
  const hasPlan = lines.some((line) => /^1\.\.\d+(?:\s*#.*)?\s*$/.test(line));
  const hasPoint = lines.some((line) => /^(?:not )?ok\b(?:\s+\d+)?(?:\s|$)/.test(line));
  return hasPlan && hasPoint ? "tap" : undefined;
}
