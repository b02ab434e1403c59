import { NmzError } from "../util/index.js";

/** How often something failed. */
export interface Tries {
  readonly tries: number;
  readonly failures: number;
  /** The last `recentTries` of them, newest last: "x" failed, "." did not. */
  readonly recent: string;
}

export interface KnownSeed extends Tries {
  readonly seed: string;
  /** The policy that it failed under, for people. */
  readonly policy?: string;
  /** What it was shaken with, as a fingerprint; missing: it was added by hand, and counts under every config. */
  readonly shaking?: string;
  /** RFC 3339. */
  readonly addedAt: string;
  readonly lastFailedAt?: string;
}

export interface KnownTest {
  readonly name: string;
  readonly seeds: readonly KnownSeed[];
  /** Runs with seeds that were new, per fingerprint. */
  readonly fresh: readonly (Tries & { readonly shaking: string })[];
}

/** The test that was used last comes last. */
export interface SeedBook {
  readonly tests: readonly KnownTest[];
}

/** A test, shaken in one way. */
export interface ShakenTest {
  readonly name: string;
  readonly shaking: string;
  readonly policy: string;
}

/** What is older says little: the program has changed since. */
export const recentTries = 16;
export const maxSeeds = 32;
export const maxTests = 500;
export const untried: Tries = { tries: 0, failures: 0, recent: "" };

export function failuresIn(recent: string): number {
  return recent.length - recent.replaceAll("x", "").length;
}

/** Whether the seed means something for a test that is shaken so. */
export function appliesTo(seed: KnownSeed, shaking: string): boolean {
  return seed.shaking === undefined || seed.shaking === shaking;
}

/** The book with this test in the place of the one of its name; undefined: without. */
export function putTest(book: SeedBook, name: string, test: KnownTest | undefined): SeedBook {
  const others = book.tests.filter((each) => each.name !== name);
  return { tests: (test === undefined ? others : [...others, test]).slice(-maxTests) };
}

/** Adds a seed by hand; one that is known under any config stays as it is. */
export function addSeed(book: SeedBook, name: string, seed: string, now: string): SeedBook {
  const known = book.tests.find((test) => test.name === name) ?? { name, seeds: [], fresh: [] };
  if (known.seeds.some((each) => each.seed === seed && each.shaking === undefined)) return book;
  const added: KnownSeed = { seed, ...untried, addedAt: now };
  return putTest(book, name, { ...known, seeds: withRoom(known.seeds, added) });
}

/** Without these seeds of a test; where none is named, without the test. Throws NMZ_SEEDS_SEED. */
export function removeSeeds(book: SeedBook, test: KnownTest, seeds: readonly string[]): SeedBook {
  if (seeds.length === 0) return putTest(book, test.name, undefined);
  const unknown = seeds.find((seed) => !test.seeds.some((each) => each.seed === seed));
  if (unknown !== undefined) {
    throw new NmzError("NMZ_SEEDS_SEED", `no seed "${unknown}" is kept for the test "${test.name}"`, {
      hint: "`nmz seeds` lists what is kept; nothing was removed",
      exitCode: 1,
    });
  }
  const kept = test.seeds.filter((each) => !seeds.includes(each.seed));
  return putTest(book, test.name, { ...test, seeds: kept });
}

/** With one seed more, and without the coldest where there are too many. */
export function withRoom(seeds: readonly KnownSeed[], added: KnownSeed): readonly KnownSeed[] {
  if (seeds.length < maxSeeds) return [...seeds, added];
  const coldest = seeds.reduce((cold, seed) => (shareOfFailures(seed) < shareOfFailures(cold) ? seed : cold));
  return [...seeds.filter((each) => each !== coldest), added];
}

/** How often it fails, of late: the mean of what chance leaves possible after these tries (Laplace's rule). */
export function shareOfFailures({ recent }: Tries): number {
  return (failuresIn(recent) + 1) / (recent.length + 2);
}
