import type { KeyProblem, KeyTable, ValuesOf } from "../config/index.js";
import type { ImmediatePolicy, Policy, PolicyContext } from "./policy.js";

type Values = Readonly<Record<string, unknown>>;

/** One entry of the registry: what the docs say of a policy, what it can be told, and how it is made. */
export interface PolicyEntry<P extends Policy = Policy> {
  readonly name: string;
  /** One sentence. */
  readonly summary: string;
  /** The keys of `explorePolicyParam`. */
  readonly params: KeyTable;
  /** What no single key can say, such as an upper bound below the lower one. Only called when each key is right. */
  readonly check?: (values: Values) => KeyProblem | undefined;
  /** What is legal but has no effect: one sentence each. */
  readonly warnings?: (values: Values) => readonly string[];
  readonly create: (values: Values, context: PolicyContext) => P;
  /** Its answers are a whole run's, faults included: no fault rule of the config is put around it. */
  readonly bringsFaults?: boolean;
}

/** A policy of our own, with its table of parameters typed. */
interface BuiltInPolicy<T extends KeyTable, P extends Policy> {
  readonly name: string;
  readonly summary: string;
  readonly params: T;
  readonly check?: (values: ValuesOf<T>) => KeyProblem | undefined;
  readonly warnings?: (values: ValuesOf<T>) => readonly string[];
  readonly create: (values: ValuesOf<T>, context: PolicyContext) => P;
}

/**
 * Forgets the exact type of the table, which only the entry itself needs. What `definePolicy` puts between a user's
 * policy and the orchestrator is left out: ours decide on 300,000 packets a second.
 */
export function builtInPolicy<T extends KeyTable, P extends Policy = ImmediatePolicy>(
  policy: BuiltInPolicy<T, P>,
): PolicyEntry<P> {
  return Object.freeze(policy) as unknown as PolicyEntry<P>;
}
