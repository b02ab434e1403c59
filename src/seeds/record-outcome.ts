import {
  appliesTo,
  type KnownSeed,
  type KnownTest,
  putTest,
  recentTries,
  type SeedBook,
  type ShakenTest,
  type Tries,
  untried,
  withRoom,
} from "./seed-book.js";

/** One run of a test. */
export interface SeedOutcome {
  readonly test: ShakenTest;
  readonly seed: string;
  readonly hasFailed: boolean;
  /** RFC 3339. */
  readonly endedAt: string;
}

/** A book after a run; `isNew`: the seed was not in it, and now is. */
export interface RecordedOutcome {
  readonly book: SeedBook;
  readonly isNew: boolean;
}

/**
 * Counts a run. A seed that fails is kept from then on; a run of a test that the book does not know, and that does not
 * fail, changes nothing: most of what is run is no test.
 */
export function recordOutcome(book: SeedBook, outcome: SeedOutcome): RecordedOutcome {
  const { test, seed, hasFailed, endedAt } = outcome;
  const found = book.tests.find(({ name }) => name === test.name);
  if (found === undefined && !hasFailed) return { book, isNew: false };
  const known: KnownTest = found ?? { name: test.name, seeds: [], fresh: [] };
  const index = known.seeds.findIndex((each) => each.seed === seed && appliesTo(each, test.shaking));
  if (index >= 0) {
    const seeds = known.seeds.with(index, again(known.seeds[index]!, hasFailed, endedAt));
    return { book: putTest(book, test.name, { ...known, seeds }), isNew: false };
  }
  // How many were tried before the first failure nobody counted: it would make new seeds look hotter than they are.
  const fresh = found === undefined ? [] : withFreshTry(known.fresh, test.shaking, hasFailed);
  const seeds = hasFailed ? withRoom(known.seeds, firstFailure(outcome)) : known.seeds;
  return { book: putTest(book, test.name, { ...known, seeds, fresh }), isNew: hasFailed };
}

/** The book that knows the test, so that its runs are counted from the first on. */
export function knowTest(book: SeedBook, name: string): SeedBook {
  if (book.tests.some((test) => test.name === name)) return book;
  return putTest(book, name, { name, seeds: [], fresh: [] });
}

function firstFailure({ test, seed, endedAt }: SeedOutcome): KnownSeed {
  const { policy, shaking } = test;
  return { seed, ...counted(untried, true), policy, shaking, addedAt: endedAt, lastFailedAt: endedAt };
}

function again(known: KnownSeed, hasFailed: boolean, endedAt: string): KnownSeed {
  return { ...known, ...counted(known, hasFailed), ...(hasFailed ? { lastFailedAt: endedAt } : {}) };
}

function withFreshTry(fresh: KnownTest["fresh"], shaking: string, hasFailed: boolean): KnownTest["fresh"] {
  const before = fresh.find((each) => each.shaking === shaking) ?? untried;
  const others = fresh.filter((each) => each.shaking !== shaking);
  return [...others, { shaking, ...counted(before, hasFailed) }].slice(-maxConfigs);
}

const maxConfigs = 16;

function counted({ tries, failures, recent }: Tries, hasFailed: boolean): Tries {
  return {
    tries: tries + 1,
    failures: failures + (hasFailed ? 1 : 0),
    recent: `${recent}${hasFailed ? "x" : "."}`.slice(-recentTries),
  };
}
