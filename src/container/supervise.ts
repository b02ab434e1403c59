import { type Engine, exitCodeOfStartError } from "../../runtime/engine/index.js";
import type { Inspector } from "../inspector/index.js";
import { Orchestrator, TraceWriter } from "../orchestrator/index.js";
import { LocalTransceiver, type Transceiver } from "../transceiver/index.js";
import { describeUndoFailure, messageOf, NmzError, UndoStack } from "../util/index.js";
import { startAndAttach } from "./attach/attach-at-start.js";
import { type PreparedInspectors, prepareInspectors } from "./attach/prepare-inspectors.js";
import { type CreatedContainer, createContainer, refuseHostNetwork } from "./create-container.js";
import { isEngineGone } from "./engine-failures.js";
import { Journal } from "./journal.js";
import { OutFolder } from "./out-folder.js";
import { createRunFolder } from "./run-folder.js";
import type { RunPlan } from "./run-plan.js";
import type { RunSession } from "./run-session.js";
import { runShell } from "./run-shell.js";
import { summarise } from "./summary.js";
import { mountVolumes } from "./volumes/mount-volumes.js";
import { resolveVolumes } from "./volumes/resolve-volumes.js";
import { waitForExit } from "./wait-for-exit.js";

export interface Supervision {
  readonly engine: Engine;
  readonly plan: RunPlan;
  readonly session: RunSession;
  /** Aborted by a signal before the workload runs: nothing more is started, everything is undone. */
  readonly interrupted: AbortSignal;
}

/**
 * One run, from the first change to the machine to the last undo: volumes mounted, container created, inspectors
 * attached before the workload's first instruction, exit awaited, everything put back. Returns the exit code of the
 * workload; throws NmzError or EngineError for failures of nmzc's own, after undoing.
 */
export async function supervise(supervision: Supervision): Promise<number> {
  const { plan, session } = supervision;
  const undo = new UndoStack(new Journal(plan.runId, plan.seed));
  try {
    return await new Run(supervision, undo).toTheEnd();
  } finally {
    for (const failure of await undo.unwind()) session.say(describeUndoFailure(failure));
  }
}

class Run {
  readonly #engine: Engine;
  readonly #plan: RunPlan;
  readonly #session: RunSession;
  readonly #interrupted: AbortSignal;
  readonly #undo: UndoStack;
  readonly #warnings: string[] = [];
  readonly #inspectors: Inspector[] = [];

  constructor({ engine, plan, session, interrupted }: Supervision, undo: UndoStack) {
    this.#engine = engine;
    this.#plan = plan;
    this.#session = session;
    this.#interrupted = interrupted;
    this.#undo = undo;
  }

  async toTheEnd(): Promise<number> {
    const { request, inspectors, runId, loaded } = this.#plan;
    const { NetworkMode } = request.body.HostConfig;
    if (inspectors.has("ethernet")) await refuseHostNetwork(this.#engine, NetworkMode);
    const startedAt = new Date().toISOString();
    const out = request.outDir === undefined ? undefined : new OutFolder(request.outDir, runId);
    const orchestrator = this.#startOrchestrator(out);
    const transceiver = new LocalTransceiver(orchestrator);
    for (const warning of loaded.warnings) this.#warn(warning);
    // Their threads come up while the engine works.
    const preparing = this.#prepareInspectors(transceiver);
    try {
      const container = await this.#create(transceiver);
      const { id } = container;
      await this.#session.created(id);
      this.#checkInterrupted();
      const prepared = await preparing;
      const exit = waitForExit(this.#engine, id, request.removeAtEnd, (line) => this.#session.say(line));
      const exitCode = await this.#start(id, prepared, exit);
      container.hasEnded();
      await Promise.all([this.#session.ended(), this.#stopInspectors()]);
      this.#finish(orchestrator, out, { startedAt, id, exitCode });
      return exitCode;
    } finally {
      await preparing.catch(() => {}); // what it made must be on the undo stack before that unwinds
    }
  }

  #prepareInspectors(transceiver: Transceiver): Promise<PreparedInspectors> {
    const { autopilot, inspectors, request } = this.#plan;
    return prepareInspectors({
      ethernet: inspectors.has("ethernet"),
      proc: inspectors.has("proc"),
      autopilot,
      sharesNetwork: request.body.HostConfig.NetworkMode?.startsWith("container:") ?? false,
      transceiver,
      undo: this.#undo,
      onError: this.#onError,
    });
  }

  /** The volumes' mounts, and the container that binds them. */
  async #create(transceiver: Transceiver): Promise<CreatedContainer> {
    const { request, autopilot, inspectors, runId } = this.#plan;
    const undo = this.#undo;
    const runFolder = createRunFolder(runId, undo);
    const volumes = await resolveVolumes(this.#engine, request, undo);
    this.#checkInterrupted();
    const mounted = await mountVolumes({
      volumes,
      isShaken: inspectors.has("fs"),
      fs: autopilot.fs,
      runFolder,
      transceiver,
      undo,
      onError: this.#onError,
    });
    this.#inspectors.push(...mounted.inspectors);
    for (const target of mounted.unshaken) {
      this.#warn(`${target} is a socket or a device: given to the workload as it is`);
    }
    const container = await createContainer(this.#engine, this.#plan, volumes, mounted.mounts, undo);
    for (const warning of container.warnings) this.#warn(warning);
    return container;
  }

  #startOrchestrator(out: OutFolder | undefined): Orchestrator {
    const plan = this.#plan;
    const onError = (error: unknown, doing: string) => this.#warn(`while ${doing}: ${messageOf(error)}`);
    const trace =
      out === undefined
        ? undefined
        : new TraceWriter({ file: out.traceFile, run: plan.runId, seed: plan.seed, onError });
    const orchestrator = new Orchestrator({
      seed: plan.seed,
      createPolicy: plan.createPolicy,
      cpuCount: plan.cpuCount,
      runShell: (command) => runShell(command, (line) => this.#warn(line)),
      onError,
      ...(trace === undefined ? {} : { observer: trace }),
    });
    if (plan.autopilot.skipInitOrchestrator) orchestrator.setEnabled(false);
    // Undone in reverse: what is held is answered first, then the trace is closed.
    if (trace !== undefined) this.#undo.push("trace", () => trace.close());
    this.#undo.push("orchestrator", () => orchestrator.stop());
    return orchestrator;
  }

  async #start(id: string, prepared: PreparedInspectors, exit: Promise<number>): Promise<number> {
    const cgroupParent = this.#plan.request.body.HostConfig.CgroupParent;
    try {
      const attached = await startAndAttach(this.#engine, id, cgroupParent, prepared);
      this.#inspectors.push(...attached.inspectors);
      if (!attached.isInTime && attached.inspectors.length > 0) {
        this.#warn("the workload's first instructions ran before the inspectors were attached");
      }
    } catch (error) {
      exit.catch(() => {}); // nothing will exit
      if (isEngineGone(error)) throw error;
      throw new NmzError("NMZ_CONTAINER_START", messageOf(error), {
        exitCode: exitCodeOfStartError(error),
        cause: error,
      });
    }
    this.#session.started();
    return exit;
  }

  /** Before the reports: what the workload did last may still be on its way from the inspectors' threads. */
  async #stopInspectors(): Promise<void> {
    for (const result of await Promise.allSettled(this.#inspectors.map((inspector) => inspector.stop()))) {
      if (result.status === "rejected") this.#warn(messageOf(result.reason));
    }
  }

  #finish(
    orchestrator: Orchestrator,
    out: OutFolder | undefined,
    run: { startedAt: string; id: string; exitCode: number },
  ): void {
    const plan = this.#plan;
    const reports = this.#inspectors.map((inspector) => inspector.report());
    const { events, delayed } = orchestrator.counts;
    for (const line of summarise(plan, reports, { events, delayed })) this.#session.say(line);
    out?.write({
      runId: plan.runId,
      seed: plan.seed,
      image: plan.request.body.Image,
      command: plan.request.body.Cmd ?? [],
      containerId: run.id,
      startedAt: run.startedAt,
      endedAt: new Date().toISOString(),
      exitCode: run.exitCode,
      events,
      delayed,
      inspectors: reports,
      warnings: this.#warnings,
      autopilot: plan.autopilot,
    });
  }

  #checkInterrupted(): void {
    if (!this.#interrupted.aborted) return;
    throw new NmzError(
      "NMZ_INTERRUPTED",
      `interrupted by ${String(this.#interrupted.reason)} before the workload ran`,
    );
  }

  readonly #onError = (error: unknown): void => this.#warn(messageOf(error));

  #warn(line: string): void {
    this.#warnings.push(line);
    this.#session.say(line);
  }
}
