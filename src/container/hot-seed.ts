import { withFileLock } from "../../runtime/kernel/index.js";
import {
  chooseSeed,
  fingerprint,
  knowTest,
  type LockFile,
  recordOutcome,
  SeedFile,
  type ShakenTest,
  seedsPath,
  testName,
} from "../seeds/index.js";
import { hashText, KeyedRandom, messageOf, NmzError, newSeed } from "../util/index.js";
import type { RunPlan } from "./run-plan.js";

/** Where a seed would stand: the seed to take is chosen by what failed before. */
export const hotSeed = "hot";

/** Exit codes that say nothing about the test: not begun, or ended by somebody from outside (SIGINT, SIGKILL, SIGTERM). */
const noTrials = new Set([125, 126, 127, 130, 137, 143]);

/** The lock that commands and runs share. */
export const lockSeeds: LockFile = (path, work) => withFileLock(path, work);

/**
 * The test that the run is; undefined: it is none. A shell at a terminal is one only with `--nmz-test`, a run that is
 * not shaken never, nor one that repeats decisions instead of drawing them.
 */
export function testOf({ request, autopilot, inspectors }: Omit<RunPlan, "test">): ShakenTest | undefined {
  const { explorePolicy, explorePolicyParam, faults } = autopilot;
  if (inspectors.size === 0 && request.java === undefined) return undefined;
  if (explorePolicy.startsWith("replay:")) return undefined;
  if (request.test === undefined && request.isInteractive && request.hasTty) return undefined;
  const { Image, Cmd = [] } = request.body;
  return {
    name: request.test ?? testName(Image, Cmd),
    shaking: fingerprint([
      explorePolicy,
      explorePolicyParam,
      faults,
      [...inspectors].sort(),
      request.java ?? 0,
    ]),
    policy: explorePolicy,
  };
}

/** The plan with a seed in the place of "hot", and why it is that one. Throws NMZ_SEED_HOT, and what SeedFile throws. */
export async function withHotSeed(plan: RunPlan, env = process.env): Promise<RunPlan> {
  const { test } = plan;
  if (test === undefined) {
    throw new NmzError("NMZ_SEED_HOT", "--nmz-seed hot is not possible: this run is no test", {
      hint: "name it with --nmz-test NAME where it is at a terminal, and leave an inspector on",
    });
  }
  const file = new SeedFile(seedsPath(env));
  await file.change(lockSeeds, (book) => knowTest(book, test.name));
  const known = file.read().tests.find(({ name }) => name === test.name);
  const fresh = newSeed();
  const { seed, why } = chooseSeed(known, test.shaking, new KeyedRandom(hashText(fresh)));
  return { ...plan, seed: seed ?? fresh, whySeed: `hot: ${why}` };
}

/** Counts the run; returns what the user should hear of it. Never throws: a run has its exit code without it. */
export async function rememberSeed(
  { test, seed, request }: RunPlan,
  exitCode: number,
  env = process.env,
): Promise<string | undefined> {
  if (test === undefined || noTrials.has(exitCode)) return undefined;
  const hasFailed = exitCode !== 0;
  const file = new SeedFile(seedsPath(env));
  try {
    const isKnown = request.test !== undefined || file.read().tests.some(({ name }) => name === test.name);
    if (!isKnown && !hasFailed) return undefined;
    let isNew = false;
    await file.change(lockSeeds, (before) => {
      const book = request.test === undefined ? before : knowTest(before, test.name);
      const recorded = recordOutcome(book, { test, seed, hasFailed, endedAt: new Date().toISOString() });
      isNew = recorded.isNew;
      return recorded.book;
    });
    return isNew ? `seed ${seed} is kept: --nmz-seed hot takes it first` : undefined;
  } catch (error) {
    return `the seed is not kept: ${messageOf(error)}`;
  }
}
