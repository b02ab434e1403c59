import { NmzError } from "../../util/index.js";

/** A result file that is not what it says it is. `place` is "line 3, column 7", or "line 3". */
export function malformed(source: string, place: string, why: string, cause?: unknown): NmzError {
  return new NmzError(
    "NMZ_VERDICT_MALFORMED",
    `the test results in ${source} are malformed at ${place}: ${why}`,
    {
      hint: "see what wrote the file; nothing of it was counted",
      cause,
    },
  );
}

/** The warning about results that end before their end: a runner that was killed leaves such. */
export function cutShort(source: string, place: string, tests: number): string {
  return `the test results in ${source} end at ${place}, before their end: only the ${tests} tests before it count`;
}
