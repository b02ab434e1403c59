/**
 * What a run says about the tests in it: result files (JUnit XML as surefire, pytest, jest, vitest and ctest write it, TAP,
 * `go test -json`) become one list of test results, and a failure becomes a signature by which it is known again in other runs.
 *
 * Must not know how a run is made, nor what a campaign is. Imports src/util only. Invariants: what a hostile or cut file
 * holds ends in an error that names the file, never in a wrong count; memory is bounded whatever its size; the same failure at
 * other addresses, line numbers and times has the same signature.
 */
export * from "./verdict.js";
