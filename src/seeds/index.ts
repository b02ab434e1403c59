/**
 * Seeds that made a test fail, kept from run to run, and which of them to take next. A test is what is run, by name; how
 * it is shaken is part of what a seed means, so a seed counts only under the config that it failed under.
 *
 * The book is data and pure functions; `SeedFile` is the book on disk, in one file for all tests of a user. Must not know
 * what a run is, nor how a seed is used. Invariants: the file carries a version, is replaced whole and changed under a
 * lock, and does not grow without bound; what to take next depends on the book and the given chance alone.
 */
export * from "./choose-seed.js";
export * from "./find-test.js";
export * from "./record-outcome.js";
export * from "./seed-book.js";
export * from "./seed-file.js";
export * from "./test-name.js";
