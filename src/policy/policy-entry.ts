import type { KeyProblem, KeyTable, ValuesOf } from "../config/index.js";
import type { Policy, PolicyContext } from "./policy.js";

/** One entry of the registry: what the docs say of a policy, what it can be told, and how it is made. */
export interface PolicyEntry<T extends KeyTable = KeyTable> {
  readonly name: string;
  /** One sentence. */
  readonly summary: string;
  /** The keys of `explorePolicyParam`. */
  readonly params: T;
  /** What no single key can say, such as an upper bound below the lower one. Only called when each key is right. */
  readonly check?: (values: ValuesOf<T>) => KeyProblem | undefined;
  /** What is legal but has no effect: one sentence each. */
  readonly warnings?: (values: ValuesOf<T>) => readonly string[];
  readonly create: (values: ValuesOf<T>, context: PolicyContext) => Policy;
}

/** Forgets the exact type of the table, which only the entry itself needs. */
export function definePolicy<T extends KeyTable>(entry: PolicyEntry<T>): PolicyEntry {
  return Object.freeze(entry) as unknown as PolicyEntry;
}
