import type { EarlierRun, FaultRules, Policy, PolicyContext } from "../policy/index.js";
import type { ActionObserver } from "../record/index.js";
import type { EventKeys } from "../signal/index.js";
import type { Clock } from "../util/index.js";
import type { OnError } from "./error-reporter.js";

export interface OrchestratorOptions {
  readonly seed: string;
  readonly createPolicy: (context: PolicyContext) => Policy;
  /** Put around the policy; default none. */
  readonly faultRules?: FaultRules;
  readonly clock?: Clock;
  readonly cpuCount: number;
  /** What the policy may see of it; default `process.env`. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Earlier runs for the policy, asked for each time that it asks; default none. */
  readonly history?: () => readonly EarlierRun[];
  readonly observer?: ActionObserver;
  /** Of `seed`, where the observer asks for them too. */
  readonly keys?: EventKeys;
  /** Carries out a ShellAction; must not block. */
  readonly runShell?: (command: string) => void;
  /** Once per cause: a policy that throws, a sink that fails. */
  readonly onError?: OnError;
  /** What the policy has to say to the user. */
  readonly onLog?: (line: string) => void;
}

export interface OrchestratorCounts {
  /** Events taken. */
  readonly events: number;
  /** How many of them were delayed. */
  readonly delayed: number;
  /** How many wait now. */
  readonly held: number;
  /** Failures of policy, sink or observer, of which each cause was reported once. */
  readonly errors: number;
}
