/**
 * What `import … from "nmzc"` gives: everything a policy's author needs, and nothing of how events are intercepted.
 * `nmzc` hands this very module to the policies that it loads, so that a policy's `PacketEvent` is ours.
 *
 * Invariant: what is exported here is a contract; the rest of the package may change.
 */
export {
  boolean,
  choice,
  duration,
  integer,
  type KeyProblem,
  type KeySpec,
  type KeyTable,
  list,
  probability,
  text,
  type ValuesOf,
} from "./config/index.js";
export {
  type Answer,
  type AuthorContext,
  type Decision,
  definePolicy,
  type EarlierDecision,
  type EarlierRun,
  type FaultOf,
  type Policy,
  type PolicyDefinition,
  type PolicyEntry,
  PolicyTrial,
  type TrialDecision,
  type TrialOptions,
  type TrialRun,
} from "./policy/index.js";
export {
  Action,
  Event,
  EventAcceptanceAction,
  type Fault,
  FilesystemCrashAction,
  FilesystemEvent,
  type FilesystemFault,
  FilesystemFaultAction,
  JavaFunctionEvent,
  LogEvent,
  NopAction,
  PacketEvent,
  type PacketFault,
  PacketFaultAction,
  type ProcessFault,
  ProcFaultAction,
  ProcSetEvent,
  ProcSetSchedAction,
  type SchedAttributes,
  ShellAction,
} from "./signal/index.js";
export type { Clock, Random } from "./util/index.js";
