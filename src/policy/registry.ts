import { describeProblem, type KeyProblem, readTable } from "../config/index.js";
import { NmzError, nearest } from "../util/index.js";
import { dumbPolicy } from "./dumb-policy.js";
import type { Policy, PolicyContext } from "./policy.js";
import type { PolicyEntry } from "./policy-entry.js";
import { randomPolicy } from "./random-policy.js";
import { replayablePolicy } from "./replayable-policy.js";

/** What `explorePolicy` may name. */
export const policies: ReadonlyMap<string, PolicyEntry> = new Map(
  [randomPolicy, dumbPolicy, replayablePolicy].map((entry) => [entry.name, entry]),
);

/**
 * Makes the policy of that name. `rawParams` is `explorePolicyParam` as the file had it. Throws NMZ_POLICY_UNKNOWN and
 * NMZ_POLICY_PARAM; the latter lists everything that is wrong.
 */
export function createPolicy(
  name: string,
  rawParams: Readonly<Record<string, unknown>>,
  context: PolicyContext,
): Policy {
  const entry = policies.get(name);
  if (entry === undefined) {
    const meant = nearest(name, policies.keys());
    throw new NmzError("NMZ_POLICY_UNKNOWN", `no policy is called "${name}"`, {
      hint: `${meant === undefined ? "" : `did you mean "${meant}"? `}known: ${[...policies.keys()].join(", ")}`,
    });
  }
  const { values, problems } = readTable(entry.params, rawParams);
  const found: KeyProblem[] = [...problems];
  const crossProblem = found.length === 0 ? entry.check?.(values) : undefined;
  if (crossProblem !== undefined) found.push(crossProblem);
  if (found.length > 0) {
    throw new NmzError("NMZ_POLICY_PARAM", `policy "${name}": ${found.map(describeProblem).join("; ")}`, {
      hint: "docs/policies.md lists the parameters of each policy",
    });
  }
  return entry.create(values, context);
}
