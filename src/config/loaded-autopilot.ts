import type { Autopilot } from "./autopilot.js";
import type { KeyProblem, KeyTable } from "./key-table.js";
import type { AutopilotValues } from "./keys.js";

/** Where a value came from. */
export type Origin =
  | { readonly kind: "default" }
  /** What nmzc itself chooses when no file is given. */
  | { readonly kind: "preset" }
  | { readonly kind: "file"; readonly file: string; readonly line: number };

export interface LoadedAutopilot {
  readonly autopilot: Autopilot;
  /**
   * By dotted key as the table spells it; the policy's parameters as `explorePolicyParam.…`: all of them when the
   * policies were handed in, else those that were written.
   */
  readonly origins: ReadonlyMap<string, Origin>;
  readonly format: "toml" | "yaml" | "json" | "preset";
  /** What is legal but has no effect, one sentence each. */
  readonly warnings: readonly string[];
  /** Each key's value as its table reads it, for printing. */
  readonly values: AutopilotValues;
  readonly policyParams:
    | { readonly table: KeyTable; readonly values: Readonly<Record<string, unknown>> }
    | undefined;
}

/** What the loader needs of a policy to check `explorePolicyParam`; an entry of the registry in src/policy is one. */
export interface PolicyTable {
  readonly params: KeyTable;
  readonly check?: (values: Readonly<Record<string, unknown>>) => KeyProblem | undefined;
  readonly warnings?: (values: Readonly<Record<string, unknown>>) => readonly string[];
}

export type PolicyTables = ReadonlyMap<string, PolicyTable>;
