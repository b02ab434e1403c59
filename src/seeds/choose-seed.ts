import { drawBeta } from "../statistics/index.js";
import type { Random } from "../util/index.js";
import {
  appliesTo,
  failuresIn,
  type KnownSeed,
  type KnownTest,
  shareOfFailures,
  type Tries,
  untried,
} from "./seed-book.js";

/** `seed` is undefined where a new one shall be made; `why` in words. */
export interface SeedChoice {
  readonly seed: string | undefined;
  readonly why: string;
}

/**
 * Which seed to take next. First each that failed once and was not repeated yet, and each that was added by hand, the
 * newest first. Then Thompson sampling (W. R. Thompson, Biometrika 25, 1933): of each known seed, and of "a new one",
 * how often it fails is drawn from what is possible after its tries, and the highest draw is taken; so what fails most is
 * taken most, and what is not known well is tried now and then. Only the last tries count, because programs get mended
 * (sliding window: F. Trovò et al., JAIR 68, 2020).
 */
export function chooseSeed(test: KnownTest | undefined, shaking: string, random: Random): SeedChoice {
  const known = (test?.seeds ?? []).filter((seed) => appliesTo(seed, shaking));
  if (known.length === 0) return { seed: undefined, why: noneKnown(test) };
  const [first] = known.filter(isUnrepeated).sort(hottestFirst);
  if (first !== undefined) return { seed: first.seed, why: whyFirst(first) };
  const draws = known.map((seed) => ({ seed, draw: draw(seed, random) }));
  const hottest = draws.reduce((best, each) => (each.draw > best.draw ? each : best));
  const fresh = test?.fresh.find((each) => each.shaking === shaking) ?? untried;
  if (draw(fresh, random) > hottest.draw) return { seed: undefined, why: whyNew(known, fresh) };
  return { seed: hottest.seed.seed, why: `it failed ${ofLate(hottest.seed)}` };
}

/** Hot seeds first. */
export function hottestFirst(left: KnownSeed, right: KnownSeed): number {
  const byShare = shareOfFailures(right) - shareOfFailures(left);
  if (byShare !== 0) return byShare;
  return (right.lastFailedAt ?? right.addedAt).localeCompare(left.lastFailedAt ?? left.addedAt);
}

/** "3 of its last 4 runs" */
function ofLate({ recent }: Tries): string {
  return `${failuresIn(recent)} of its last ${recent.length} run${recent.length === 1 ? "" : "s"}`;
}

function isUnrepeated({ tries }: KnownSeed): boolean {
  return tries <= 1;
}

function draw({ recent }: Tries, random: Random): number {
  const failures = failuresIn(recent);
  return drawBeta(failures + 1, recent.length - failures + 1, random);
}

function whyFirst({ tries, addedAt }: KnownSeed): string {
  if (tries === 0) return "it was added by hand and not tried yet";
  return `it failed on ${addedAt.slice(0, 10)} and was not repeated yet`;
}

function whyNew(known: readonly KnownSeed[], fresh: Tries): string {
  const seeds = known.length === 1 ? "the known seed" : `the ${known.length} known seeds`;
  const recent = known.map((seed) => seed.recent).join("");
  return `a new one, beside ${seeds}, which failed ${failuresIn(recent)} of ${recent.length} runs of late; new ones failed ${fresh.failures} of ${fresh.tries}`;
}

function noneKnown(test: KnownTest | undefined): string {
  const others = test?.seeds.length ?? 0;
  if (others === 0) return "a new one, because none has made this test fail yet";
  return `a new one, because ${others === 1 ? "the known seed" : `all ${others} known seeds`} failed under another config`;
}
