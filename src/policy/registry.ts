import { describeProblem, type KeyProblem, readTable } from "../config/index.js";
import { NmzError, nearest } from "../util/index.js";
import { dumbPolicy } from "./dumb-policy.js";
import { mixPolicyOf } from "./mix-policy.js";
import { partitionPolicy } from "./partition-policy.js";
import { pctPolicy } from "./pct-policy.js";
import type { ImmediatePolicy, Policy, PolicyContext } from "./policy.js";
import type { PolicyEntry } from "./policy-entry.js";
import { posPolicy } from "./pos-policy.js";
import { randomPolicy } from "./random-policy.js";
import { replayablePolicy } from "./replayable-policy.js";
import { starvePolicy } from "./starve-policy.js";

/** Those that decide by themselves and at once; `mix` is made of them, and of `pos`. */
const immediate: readonly PolicyEntry<ImmediatePolicy>[] = [
  randomPolicy,
  dumbPolicy,
  replayablePolicy,
  pctPolicy,
  starvePolicy,
  partitionPolicy,
];
const parts: readonly PolicyEntry[] = [...immediate, posPolicy];

/** The policies that `explorePolicy` may name without being given a file. */
export const policies: ReadonlyMap<string, PolicyEntry> = new Map(
  [...parts, mixPolicyOf(parts)].map((entry) => [entry.name, entry]),
);

const immediatePolicies: ReadonlyMap<string, PolicyEntry<ImmediatePolicy>> = new Map(
  [...immediate, mixPolicyOf(immediate)].map((entry) => [entry.name, entry]),
);

/**
 * Makes the built-in policy of that name, of those that answer at once: all but `pos`. `rawParams` is `explorePolicyParam` as the file had it. Throws
 * NMZ_POLICY_UNKNOWN and NMZ_POLICY_PARAM; the latter lists everything that is wrong.
 */
export function createPolicy(
  name: string,
  rawParams: Readonly<Record<string, unknown>>,
  context: PolicyContext,
): ImmediatePolicy {
  return createPolicyFrom(findPolicy(name, immediatePolicies), rawParams, context);
}

/** The entry of that name. Throws NMZ_POLICY_UNKNOWN. */
export function findPolicy<P extends Policy>(
  name: string,
  known: ReadonlyMap<string, PolicyEntry<P>>,
): PolicyEntry<P> {
  const entry = known.get(name);
  if (entry !== undefined) return entry;
  const meant = nearest(name, known.keys());
  throw new NmzError("NMZ_POLICY_UNKNOWN", `no policy is called "${name}"`, {
    hint: `${meant === undefined ? "" : `did you mean "${meant}"? `}known: ${[...known.keys()].join(", ")}`,
  });
}

/** Makes the policy of an entry, the user's own included. Throws NMZ_POLICY_PARAM, and what the entry's `create` throws. */
export function createPolicyFrom<P extends Policy>(
  entry: PolicyEntry<P>,
  rawParams: Readonly<Record<string, unknown>>,
  context: PolicyContext,
): P {
  const { values, problems } = readTable(entry.params, rawParams);
  const found: KeyProblem[] = [...problems];
  const crossProblem = found.length === 0 ? entry.check?.(values) : undefined;
  if (crossProblem !== undefined) found.push(crossProblem);
  if (found.length > 0) {
    throw new NmzError(
      "NMZ_POLICY_PARAM",
      `policy "${entry.name}": ${found.map(describeProblem).join("; ")}`,
      {
        hint: `\`nmz policies show ${entry.name}\` lists its parameters`,
      },
    );
  }
  return entry.create(values, context);
}
