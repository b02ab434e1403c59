import { join } from "node:path";
import { SignalCounts } from "../../endpoint/index.js";
import { openOrchestrator } from "../../orchestrator/index.js";
import type { FaultRuleReport } from "../../policy/index.js";
import { OutFolder, type RunFile } from "../../record/index.js";
import { openEndpoints } from "../../standalone/run-orchestrator-endpoints.js";
import { tokenOf } from "../../standalone/run-orchestrator-plan.js";
import { describeUndoFailure, messageOf, NmzError, UndoStack } from "../../util/index.js";
import { type ScriptPlace, scriptEnvironment } from "../script.js";
import { names, runName } from "../storage/index.js";
import { ActionFiles } from "./action-files.js";
import type { ExperimentLog } from "./experiment-log.js";
import type { ExperimentPlan } from "./plan-experiment.js";

/** Who may reach the orchestrator. */
export interface ExperimentEndpoints {
  /** An address of this machine. */
  readonly listen: string;
  readonly token: string | undefined;
  readonly tokenFile: string | undefined;
}

/** The orchestrator of one experiment, its ports and its record. */
export interface ExperimentOrchestra {
  /** A line about each port. */
  readonly lines: readonly string[];
  readonly warnings: readonly string[];
  readonly actionCount: number;
  readonly counts: { readonly events: number; readonly delayed: number };
  readonly faultRules: readonly FaultRuleReport[];
  /** Answers what is held, hands it over and closes the ports. Idempotent. */
  stop(): Promise<void>;
  /** Writes actions/ and run.json. Throws NMZ_EXPERIMENT_WRITE. */
  record(file: Omit<RunFile, "nmzRun">): void;
  /** Lets what was recorded so far stand as it is. */
  abandon(): void;
}

// Endpoints end by themselves within five seconds.
const closeDeadlineMs = 7000;

/** Throws what is wrong with the policy's parameters, NMZ_ENDPOINT_…, and NMZ_ORCHESTRATOR_TOKEN_FILE. */
export async function openExperiment(setup: {
  readonly request: ExperimentEndpoints & { readonly storage: string };
  readonly plan: ExperimentPlan;
  readonly number: number;
  readonly folder: string;
  readonly log: ExperimentLog;
  readonly place: ScriptPlace;
}): Promise<ExperimentOrchestra> {
  const { request, plan, number, folder, log, place } = setup;
  const { autopilot, policies, seed } = plan;
  const warnings: string[] = [];
  const onWarning = (line: string): void => {
    warnings.push(line);
    log.warn(line);
  };
  for (const warning of plan.warnings) onWarning(warning);
  const run = runName(number);
  const out = new OutFolder<object>(request.storage, run);
  const undo = new UndoStack();
  const signals = new SignalCounts();
  const actions = new ActionFiles(folder, (error, doing) => onWarning(`while ${doing}: ${messageOf(error)}`));
  const stop = async (): Promise<void> => {
    for (const failure of await undo.unwind(closeDeadlineMs)) log.warn(describeUndoFailure(failure));
  };
  try {
    const orchestrator = openOrchestrator(
      {
        autopilot,
        policies,
        run,
        seed,
        traceFile: out.traceFile,
        outDir: request.storage,
        observer: {
          onAction(action) {
            signals.onAction(action);
            actions.onAction(action);
          },
        },
        shell: { env: scriptEnvironment(place), cwd: place.cwd, output: "inherit" },
        onWarning,
        onLog: (line) => log.info(line),
      },
      undo,
    );
    const ports = {
      restPort: autopilot.restPort < 0 ? undefined : autopilot.restPort,
      pbPort: autopilot.pbPort < 0 ? undefined : autopilot.pbPort,
      listen: request.listen,
      token: tokenOf(request),
    };
    const endpoints = { plan: ports, control: orchestrator, signals, undo, onWarning };
    const lines = await openEndpoints(endpoints).catch((error: unknown) => {
      throw withoutPortFlags(error, join(request.storage, names.config));
    });
    return {
      lines,
      warnings,
      get actionCount() {
        return actions.count;
      },
      get counts() {
        return orchestrator.counts;
      },
      get faultRules() {
        return orchestrator.faultRules;
      },
      async stop() {
        orchestrator.stop();
        await stop();
      },
      record(file) {
        try {
          actions.write();
          out.write(file);
        } catch (error) {
          throw notWritten(folder, error);
        }
      },
      abandon: () => actions.close(),
    };
  } catch (error) {
    await stop();
    actions.close();
    throw error;
  }
}

function notWritten(folder: string, error: unknown): NmzError {
  return new NmzError("NMZ_EXPERIMENT_WRITE", `cannot record the run in "${folder}": ${messageOf(error)}`, {
    hint: "see whether the disk is full; the run has no result",
    cause: error,
  });
}

/** Ports are the config's here, and `nmz run` has no flags for them. */
function withoutPortFlags(error: unknown, config: string): unknown {
  if (!(error instanceof NmzError) || error.hint === undefined) return error;
  const { code, message, hint, exitCode } = error;
  const name = (_: string, kind: string): string =>
    `another ${kind === "rest" ? "restPort" : "pbPort"} in ${config}`;
  return new NmzError(code, message, {
    hint: hint.replace(/another(?: port)? with --(rest|pb)-port/, name),
    cause: error,
    exitCode,
  });
}
