import { NmzError, nearest } from "../util/index.js";
import type { KnownTest, SeedBook } from "./seed-book.js";
import { testId } from "./test-name.js";

/** A test by its name or its ID. Throws NMZ_SEEDS_TEST. */
export function findTest(book: SeedBook, wanted: string): KnownTest {
  const name = nameOf(book, wanted);
  const found = book.tests.find((test) => test.name === name);
  if (found !== undefined) return found;
  const meant = nearest(
    wanted,
    book.tests.map((test) => test.name),
  );
  throw new NmzError("NMZ_SEEDS_TEST", `no seeds are kept for a test "${wanted}"`, {
    hint: meant === undefined ? "`nmz seeds` lists what is kept" : `did you mean "${meant}"?`,
    exitCode: 1,
  });
}

/** The name of the test that has this name or ID; of a test that is not known, what was given. */
export function nameOf(book: SeedBook, wanted: string): string {
  if (book.tests.some(({ name }) => name === wanted)) return wanted;
  return book.tests.find(({ name }) => testId(name) === wanted)?.name ?? wanted;
}
