import { constants } from "node:os";
import { join } from "node:path";
import { StopSignals } from "../../standalone/stop-signals.js";
import { formatDurationMs, messageOf, NmzError } from "../../util/index.js";
import type { ExperimentIo } from "../init/index.js";
import {
  canRaiseFileLimit,
  commandOf,
  runScript,
  type ScriptEnd,
  type ScriptPlace,
  scriptProblem,
} from "../script.js";
import {
  addRun,
  type ExperimentResult,
  names,
  runName,
  writeResult,
  writeRunState,
} from "../storage/index.js";
import { ExperimentLog } from "./experiment-log.js";
import { type ExperimentEndpoints, type ExperimentOrchestra, openExperiment } from "./open-experiment.js";
import { type ExperimentPlan, planExperiment, unstartable } from "./plan-experiment.js";
import { runFileOf, type ScriptCodes } from "./run-file.js";

/** `storage` and `tokenFile` are absolute. */
export interface ExperimentRequest extends ExperimentEndpoints {
  readonly storage: string;
  readonly seed: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
}

/**
 * `nmz run`: one experiment in a storage. The run script is run under an orchestrator, then the validate script says whether
 * it went well, what happened is written, and the clean script is run. A run script that fails is a failed experiment.
 *
 * Returns 0 for one that succeeded, 1 for one that failed, 128 + n for one that signal n interrupted: it has no result
 * and is marked, and clean runs all the same. Throws NMZ_EXPERIMENT_STORAGE, NMZ_EXPERIMENT_CONFIG, NMZ_EXPERIMENT_SCRIPT, NMZ_EXPERIMENT_CLEAN and
 * what keeps an orchestrator from starting.
 */
export async function runExperiment(request: ExperimentRequest, io: ExperimentIo): Promise<number> {
  try {
    return await makeRun(request, io);
  } catch (error) {
    if (!(error instanceof NmzError) || error.exitCode !== 1) throw error;
    // Elsewhere 1 is for what was asked wrongly; here it says that the experiment failed.
    const { code, message, hint } = error;
    throw new NmzError(code, message, {
      exitCode: 125,
      cause: error,
      ...(hint === undefined ? {} : { hint }),
    });
  }
}

async function makeRun(request: ExperimentRequest, io: ExperimentIo): Promise<number> {
  const { storage, env, cwd } = request;
  const plan = await planExperiment(storage, request.seed);
  const { number, folder } = addRun(storage);
  const startedAt = new Date().toISOString();
  writeRunState(folder, { state: "running", startedAt });
  const log = new ExperimentLog(
    join(folder, names.log),
    (text) => io.stdout.write(text),
    Boolean(env["NMZ_DEBUG"]),
  );
  const signals = new StopSignals();
  try {
    const place = { materials: join(storage, names.materials), workingDir: folder, env, cwd };
    return await new Experiment({ request, plan, number, folder, startedAt, log, signals, place }).run();
  } catch (error) {
    log.critical(messageOf(error));
    if (!isClean(error)) markFailed(folder, startedAt, error);
    throw error;
  } finally {
    signals.dispose();
    log.close();
  }
}

interface ExperimentSetup {
  readonly request: ExperimentRequest;
  readonly plan: ExperimentPlan;
  readonly number: number;
  readonly folder: string;
  readonly startedAt: string;
  readonly log: ExperimentLog;
  readonly signals: StopSignals;
  readonly place: ScriptPlace;
}

type Verdict = Pick<ExperimentResult, "successful" | "metadata">;

class Experiment {
  readonly #setup: ExperimentSetup;
  readonly #codes: ScriptCodes = {};
  #raisesFileLimit = false;

  constructor(setup: ExperimentSetup) {
    this.#setup = setup;
  }

  async run(): Promise<number> {
    const { plan, log, signals } = this.#setup;
    const { autopilot } = plan;
    this.#raisesFileLimit = canRaiseFileLimit();
    if (!this.#raisesFileLimit) log.warn("could not set Rlimit: the limit of open files stays as it is");
    log.info(`Starting Orchestrator with exploration policy "${autopilot.explorePolicy}"`);
    const orchestra = await openExperiment(this.#setup);
    log.info(
      `Started Orchestrator (seed ${plan.seed}${orchestra.lines.map((line) => `, ${line}`).join("")})`,
    );
    let result: Verdict | NmzError;
    let requiredTimeMs: number;
    try {
      const startMs = performance.now();
      const run = await this.#script("run", autopilot.run);
      log.info("Shutting down Orchestrator");
      await orchestra.stop();
      requiredTimeMs = performance.now() - startMs;
      log.info(
        `Shut down Orchestrator (got ${orchestra.actionCount} actions, took ${formatDurationMs(requiredTimeMs)})`,
      );
      result = await this.#validate(run);
    } finally {
      await orchestra.stop();
    }
    signals.throwFailure();
    // Whatever becomes of the record, the next run begins where clean leaves things.
    const failure =
      result instanceof NmzError
        ? this.#giveUp(orchestra, result)
        : this.#record(orchestra, result, requiredTimeMs);
    const succeeded = !(result instanceof NmzError) && result.successful;
    const isKept = autopilot.notCleanIfValidationFail && !succeeded && !signals.signal.aborted;
    if (!isKept) await this.#clean();
    if (failure !== undefined) throw failure;
    return signals.exitCode ?? (succeeded ? 0 : 1);
  }

  #giveUp(orchestra: ExperimentOrchestra, why: NmzError): NmzError {
    const { folder, startedAt } = this.#setup;
    orchestra.abandon();
    markFailed(folder, startedAt, why);
    return why;
  }

  /** Returns what kept it from being written. */
  #record(orchestra: ExperimentOrchestra, verdict: Verdict, requiredTimeMs: number): unknown {
    const { folder, startedAt, log, signals } = this.#setup;
    try {
      if (signals.signal.aborted) {
        const why = signalName(signals.exitCode);
        log.warn(`Interrupted by ${why}: the run has no result`);
        writeRunState(folder, { state: "interrupted", startedAt, why });
        orchestra.abandon();
        endAtNextSignal();
      } else {
        orchestra.record(runFileOf(this.#setup, orchestra, this.#codes, verdict.successful));
        writeResult(folder, { ...verdict, requiredTimeNs: Math.round(requiredTimeMs * 1e6) });
        writeRunState(folder, { state: "ended", startedAt });
      }
      return undefined;
    } catch (error) {
      return error;
    }
  }

  /**
   * What goes into result.json. The original recorded nothing of a run script that failed; metadata says that it did. An
   * error where the validate script cannot be started: then there is no verdict.
   */
  async #validate(run: ScriptEnd): Promise<Verdict | NmzError> {
    const { plan, log, signals, place } = this.#setup;
    if (signals.signal.aborted) return { successful: false, metadata: {} };
    if (run.problem !== undefined) {
      log.critical(`failed to execute run script: ${run.problem}`);
      return { successful: false, metadata: { failed_script: "run", exit_code: run.exitCode } };
    }
    const { validate } = plan.autopilot;
    if (validate === "") {
      log.warn("No validation script provided");
      return { successful: true, metadata: {} };
    }
    // Not before: the run may have made it.
    const missing = scriptProblem(place.materials, validate);
    if (missing !== undefined) return unstartable("validate", missing);
    const { problem } = await this.#script("validate", validate);
    log.info(problem === undefined ? "Validation succeeded" : `Validation failed: ${problem}`);
    return { successful: problem === undefined, metadata: {} };
  }

  async #clean(): Promise<void> {
    const { plan, number } = this.#setup;
    const { clean } = plan.autopilot;
    if (clean === "") return;
    const { problem } = await this.#script("clean", clean, false);
    if (problem === undefined) return;
    throw new NmzError(cleanCode, `failed to execute clean script: ${problem}`, {
      hint: `the run ${runName(number)} is recorded; see what it left behind before the next one`,
    });
  }

  async #script(name: keyof ScriptCodes, script: string, isInterruptible = true): Promise<ScriptEnd> {
    const { place, log, signals } = this.#setup;
    const command = commandOf(place.materials, script);
    log.info(`Starting /bin/sh [sh -c ${command}]`);
    const end = await runScript(command, place, {
      raisesFileLimit: this.#raisesFileLimit,
      ...(isInterruptible ? { abort: signals.signal } : {}),
    });
    log.info(`Finished /bin/sh [sh -c ${command}]`);
    this.#codes[name] = end.exitCode;
    return end;
  }
}

const cleanCode = "NMZ_EXPERIMENT_CLEAN";

function isClean(error: unknown): boolean {
  return error instanceof NmzError && error.code === cleanCode;
}

function signalName(exitCode: number | undefined): string {
  const number = (exitCode ?? 128) - 128;
  return Object.entries(constants.signals).find(([, value]) => value === number)?.[0] ?? "an error";
}

function markFailed(folder: string, startedAt: string, error: unknown): void {
  try {
    writeRunState(folder, { state: "failed", startedAt, why: messageOf(error) });
  } catch {
    // The disk is full, perhaps; the error says so, and a run without a result counts nowhere.
  }
}

/** Somebody who presses Ctrl-C twice will not wait for clean. */
function endAtNextSignal(): void {
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.once(name, () => process.exit(128 + constants.signals[name]));
  }
}
