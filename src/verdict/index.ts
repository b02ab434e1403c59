/**
 * What a run says about the tests in it: result files (JUnit XML as surefire, pytest, jest, vitest and ctest write it, TAP,
 * `go test -json`) become one list of test results, and a failure becomes a signature by which it is known again in other runs.
 * find/ knows where result files lie and which of them this run wrote; read/ has a reader for each format; signature/ knows
 * messages and stacks; groups/ has which tests fail together, and which failures are those of other campaigns. docs/verdict.md has the rules for people.
 *
 * Must not know how a run is made, nor what a campaign is. Imports src/util only. Invariants: what a hostile or cut file
 * holds ends in an error that names the file, never in a wrong count; memory is bounded whatever its size; the same failure at
 * other addresses, line numbers and times has the same signature.
 */
export * from "./failures-of.js";
export {
  type FindOptions,
  findResults,
  maximumFiles,
  type ResultFolder,
  rememberResults,
} from "./find/find-results.js";
export * from "./find/glob-places.js";
export type { FileMark, ResultSnapshot } from "./find/result-snapshot.js";
export * from "./groups/co-failing.js";
export * from "./groups/same-failures.js";
export { readSuite } from "./read/read-suite.js";
export { signatureOf } from "./signature/signature-of.js";
export * from "./verdict.js";
