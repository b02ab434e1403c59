import { constants } from "node:os";
import { SignalCounts } from "../endpoint/index.js";
import { faultsInWords } from "../inspector/index.js";
import { openOrchestrator } from "../orchestrator/index.js";
import { type FaultRuleReport, idleRules } from "../policy/index.js";
import { OutFolder } from "../record/index.js";
import { describeUndoFailure, messageOf, printable, UndoStack } from "../util/index.js";
import { openEndpoints } from "./run-orchestrator-endpoints.js";
import {
  type OrchestratorPlan,
  type OrchestratorRequest,
  planOrchestrator,
} from "./run-orchestrator-plan.js";
import { StopSignals } from "./stop-signals.js";

export type { OrchestratorRequest } from "./run-orchestrator-plan.js";

/** What the user reads goes to `stdout`, what went wrong to `stderr`. */
export interface OrchestratorIo {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
}

// Endpoints end by themselves within five seconds, and at once where nobody has anything to fetch.
const closeDeadlineMs = 7000;

/**
 * `nmz orchestrator`: answers inspectors elsewhere until a signal comes, then answers what is held, hands it over and
 * returns 0. A second signal ends the process at once. Throws NmzError for what cannot be opened.
 */
export async function runOrchestrator(request: OrchestratorRequest, io: OrchestratorIo): Promise<number> {
  const plan = await planOrchestrator(request);
  const signals = new StopSignals();
  const undo = new UndoStack();
  const say = (line: string): void => void io.stdout.write(`nmz: ${printable(line)}\n`);
  const complain = (line: string): void => void io.stderr.write(`nmz: ${printable(line)}\n`);
  try {
    await serve(plan, { signals, undo, say, complain });
    signals.throwFailure();
    return 0;
  } finally {
    for (const failure of await undo.unwind(closeDeadlineMs)) complain(describeUndoFailure(failure));
    signals.dispose();
  }
}

interface Surroundings {
  readonly signals: StopSignals;
  readonly undo: UndoStack;
  readonly say: (line: string) => void;
  readonly complain: (line: string) => void;
}

async function serve(plan: OrchestratorPlan, { signals, undo, say, complain }: Surroundings): Promise<void> {
  const { runId, seed, autopilot, policies, outDir } = plan;
  const warnings: string[] = [];
  const onWarning = (line: string): void => {
    warnings.push(line);
    complain(line);
  };
  const startedAt = new Date().toISOString();
  const out = outDir === undefined ? undefined : new OutFolder<object>(outDir, runId);
  const counts = new SignalCounts();
  const setup = {
    autopilot,
    policies,
    run: runId,
    seed,
    traceFile: out?.traceFile,
    outDir,
    observer: counts,
    onWarning,
  };
  const open = async () => {
    const control = openOrchestrator(setup, undo);
    const lines = await openEndpoints({ plan, control, signals: counts, undo, onWarning });
    return { orchestrator: control, lines };
  };
  const { orchestrator, lines } = await open().catch((error: unknown) => {
    out?.discard(); // there was no run, and an empty trace would look like one
    throw error;
  });
  for (const warning of plan.warnings) onWarning(warning);
  say(`seed ${seed}, policy ${autopilot.explorePolicy}${orchestrator.isEnabled ? "" : ", disabled"}`);
  for (const line of lines) say(line);
  await signals.aborted;
  endAtNextSignal();
  // First the answers, then the ports: what is held is accepted now, and its inspector can still fetch that.
  orchestrator.stop();
  const failures = await undo.unwind(closeDeadlineMs);
  for (const failure of failures) complain(describeUndoFailure(failure));
  const { events, delayed } = orchestrator.counts;
  const { faultRules } = orchestrator;
  const faults = faultsOf(counts, faultRules, orchestrator.crashes.done);
  say(`${summaryOf(seed, events, delayed, counts)}. ${faultsInWords(faults)}`);
  for (const line of idleRules(faultRules)) say(line);
  try {
    const endedAt = new Date().toISOString();
    const command = ["nmz", "orchestrator"];
    out?.write({
      runId,
      seed,
      command,
      startedAt,
      endedAt,
      exitCode: 0,
      events,
      delayed,
      faults,
      faultRules,
      warnings,
      autopilot,
    });
  } catch (error) {
    complain(`the result was not stored in ${out?.path}: ${messageOf(error)}`);
  }
}

/** Somebody who presses Ctrl-C twice will not wait. */
function endAtNextSignal(): void {
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.once(name, () => process.exit(128 + constants.signals[name]));
  }
}

function summaryOf(seed: string, events: number, delayed: number, { events: byClass }: SignalCounts): string {
  const perClass = [...byClass].map(([name, count]) => `${name} ${count}`).join(", ");
  return `seed ${seed}: ${events} events${perClass === "" ? "" : ` (${perClass})`}, ${delayed} delayed`;
}

/** By rule, and what the policy asked for besides; what the inspectors elsewhere made of them they say themselves. */
function faultsOf(
  { actions }: SignalCounts,
  rules: readonly FaultRuleReport[],
  crashes: number,
): Record<string, number> {
  const faults: Record<string, number> = crashes > 0 ? { crash: crashes } : {};
  let ofPolicy = 0;
  for (const [name, count] of actions) if (name.endsWith("FaultAction")) ofPolicy += count;
  for (const { fault, done } of rules) {
    if (done > 0) faults[fault] = (faults[fault] ?? 0) + done;
    if (fault !== "delay" && fault !== "slow-fsync") ofPolicy -= done;
  }
  return ofPolicy > 0 ? { ...faults, "by the policy": ofPolicy } : faults;
}
