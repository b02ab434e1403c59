import { availableParallelism } from "node:os";
import type { Autopilot } from "../config/index.js";
import { createPolicyFrom, FaultRules, findPolicy, type PolicyEntry, policies } from "../policy/index.js";
import { type ActionObserver, TraceWriter } from "../record/index.js";
import { EventKeys } from "../signal/index.js";
import { messageOf, systemClock, type UndoStack } from "../util/index.js";
import { historyOf } from "./history-of.js";
import { Orchestrator } from "./orchestrator.js";
import { type ShellPlace, shellRunner } from "./run-shell.js";

export interface OrchestratorSetup {
  readonly autopilot: Autopilot;
  /** What `explorePolicy` may name: `loadAutopilotWithPolicy` adds the user's own. Default the built-in ones. */
  readonly policies?: ReadonlyMap<string, PolicyEntry>;
  /** The run's name and seed, as they stand in the trace. */
  readonly run: string;
  readonly seed: string;
  /** Where the trace is written; undefined: nowhere. */
  readonly traceFile?: string | undefined;
  /** The `--nmz-out` folder, whose earlier runs the policy may look at; undefined: there are none. */
  readonly outDir?: string | undefined;
  /** Told of each action, beside the trace. */
  readonly observer?: ActionObserver | undefined;
  /** Where ShellActions run; default here, unheard. */
  readonly shell?: ShellPlace;
  /** Number of CPUs the workload can use; default all. */
  readonly cpuCount?: number;
  /** What goes wrong while events are decided on, each cause once, as a line for people. */
  readonly onWarning: (line: string) => void;
  /** What the policy says; default `onWarning`. */
  readonly onLog?: (line: string) => void;
}

/**
 * The orchestrator that a config describes, with its trace. Pushed on `undo`: what is held is answered first, then the
 * policy is told of the end, then the trace is closed. Throws NMZ_TRACE_OPEN, and what is wrong with the policy's parameters.
 */
export function openOrchestrator(setup: OrchestratorSetup, undo: UndoStack): Orchestrator {
  const { autopilot, run, seed, traceFile, onWarning } = setup;
  const { explorePolicy, explorePolicyParam } = autopilot;
  const entry = findPolicy(explorePolicy, setup.policies ?? policies);
  const onError = (error: unknown, doing: string) => onWarning(`while ${doing}: ${messageOf(error)}`);
  const keys = new EventKeys(seed);
  const trace =
    traceFile === undefined ? undefined : new TraceWriter({ file: traceFile, run, seed, keys, onError });
  if (trace !== undefined) undo.push("trace", () => trace.close());
  const orchestrator = new Orchestrator({
    seed,
    keys,
    createPolicy: (context) => createPolicyFrom(entry, explorePolicyParam, context),
    faultRules: new FaultRules(entry.bringsFaults === true ? [] : autopilot.faults, seed, systemClock),
    history: historyOf(setup.outDir, onWarning),
    cpuCount: setup.cpuCount ?? availableParallelism(),
    runShell: shellRunner(onWarning, setup.shell),
    onError,
    onLog: setup.onLog ?? onWarning,
    ...observers(trace, setup.observer),
  });
  if (autopilot.skipInitOrchestrator) orchestrator.setEnabled(false);
  undo.push(`policy "${entry.name}"`, () => orchestrator.closePolicy());
  undo.push("orchestrator", () => orchestrator.stop());
  return orchestrator;
}

function observers(
  trace: ActionObserver | undefined,
  other: ActionObserver | undefined,
): { observer?: ActionObserver } {
  const observer = trace ?? other;
  if (observer === undefined) return {};
  if (trace === undefined || other === undefined) return { observer };
  return {
    observer: {
      onEvent(event) {
        trace.onEvent?.(event);
        other.onEvent?.(event);
      },
      onAction(action, delayMs) {
        trace.onAction(action, delayMs);
        other.onAction(action, delayMs);
      },
    },
  };
}
