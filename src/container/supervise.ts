import {
  type Engine,
  EngineError,
  exitCodeOfStartError,
  type MountBody,
} from "../../runtime/engine/index.js";
import type { Control } from "../endpoint/index.js";
import type { FilesystemInspector, Inspector } from "../inspector/index.js";
import { createRunFolder, Journal } from "../journal/index.js";
import { type Orchestrator, openOrchestrator } from "../orchestrator/index.js";
import { LocalTransceiver, type Transceiver } from "../transceiver/index.js";
import { describeUndoFailure, messageOf, NmzError, UndoStack } from "../util/index.js";
import { type AttachedStart, startAndAttach } from "./attach/attach-at-start.js";
import { type PreparedInspectors, prepareInspectors } from "./attach/prepare-inspectors.js";
import { type CreatedContainer, createContainer } from "./create-container.js";
import { isEngineGone } from "./engine-failures.js";
import { refuseHostNetwork } from "./host-network.js";
import { rememberSeed } from "./hot-seed.js";
import { checkInterrupted } from "./interruption.js";
import type { PreparedJava } from "./java/index.js";
import { journalEngineOf } from "./journal-engine.js";
import { offerCrash } from "./offer-crash.js";
import type { RunPlan } from "./run-plan.js";
import { RunRecord } from "./run-record.js";
import type { RunSession } from "./run-session.js";
import { mountVolumes } from "./volumes/mount-volumes.js";
import { type ResolvedVolume, resolveVolumes } from "./volumes/resolve-volumes.js";
import { type Exit, removeEnded, waitForExit } from "./wait-for-exit.js";

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
  const { engine, plan, session } = supervision;
  const undo = new UndoStack(new Journal(plan.runId, plan.seed, "container", journalEngineOf(engine)));
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
  readonly #record: RunRecord;
  readonly #inspectors: Inspector[] = [];

  constructor({ engine, plan, session, interrupted }: Supervision, undo: UndoStack) {
    this.#engine = engine;
    this.#plan = plan;
    this.#session = session;
    this.#interrupted = interrupted;
    this.#undo = undo;
    this.#record = new RunRecord(plan, (line) => session.say(line));
  }

  async toTheEnd(): Promise<number> {
    const { request, inspectors, loaded } = this.#plan;
    const { NetworkMode } = request.body.HostConfig;
    if (inspectors.has("ethernet")) await refuseHostNetwork(this.#engine, NetworkMode);
    this.#record.open();
    const orchestrator = this.#openOrchestrator();
    const transceiver = new LocalTransceiver(orchestrator);
    for (const warning of loaded.warnings) this.#record.warn(warning);
    const runFolder = createRunFolder(this.#plan.runId, this.#undo);
    const java = await this.#prepareJava(orchestrator, runFolder);
    const { volumes, mounts, filesystems } = await this.#mountVolumes(transceiver, runFolder);
    // Their threads come up while the engine creates and starts the container.
    const preparing = this.#prepareInspectors(transceiver, java);
    try {
      // Who looks into it when it has ended has to have it there.
      const removesItself = request.removeAtEnd && this.#session.exited === undefined;
      const allMounts = [...mounts, ...(java?.mounts ?? [])];
      const additions = { volumes, mounts: allMounts, env: java?.env, removesItself };
      const container = await createContainer(this.#engine, this.#plan, additions, this.#undo);
      for (const warning of container.warnings) this.#record.warn(warning);
      const { id } = container;
      const say = (line: string): void => this.#session.say(line);
      const control = this.#plan.autopilot.fs.crash
        ? await offerCrash(
            { engine: this.#engine, containerId: id, runFolder, filesystems, undo: this.#undo, say },
            orchestrator.crashes,
          )
        : undefined;
      await this.#session.created(id);
      checkInterrupted(this.#interrupted);
      const exit = waitForExit(this.#engine, id, removesItself, say);
      const { exitCode } = await this.#start(container, preparing, exit);
      await this.#session.exited?.(id);
      const isRemoving = request.removeAtEnd && !removesItself;
      const { isLeft } = await (isRemoving ? removeEnded(this.#engine, id, exitCode, say) : exit);
      if (!isLeft) container.hasEnded();
      // A power cut ends the workload first: what it lost must be gone before the mounts are.
      await control?.idle();
      await Promise.all([this.#session.ended(), this.#stopInspectors()]);
      const { faultRules } = orchestrator;
      const { events, delayed } = orchestrator.counts;
      const reports = this.#inspectors.map((inspector) => inspector.report());
      this.#record.close({ containerId: id, exitCode, events, delayed, inspectors: reports, faultRules });
      const kept = await rememberSeed(this.#plan, exitCode);
      if (kept !== undefined) this.#session.say(kept);
      return exitCode;
    } finally {
      await preparing.catch(() => {}); // what it made must be on the undo stack before that unwinds
    }
  }

  /** Loaded on demand: most runs have no JVM. */
  async #prepareJava(control: Control, runFolder: string): Promise<PreparedJava | undefined> {
    const { request } = this.#plan;
    if (request.java === undefined) return undefined;
    const { prepareJava } = await import("./java/index.js");
    return prepareJava({
      engine: this.#engine,
      request,
      java: request.java,
      runFolder,
      control,
      undo: this.#undo,
      onWarning: this.#record.warn,
    });
  }

  #prepareInspectors(transceiver: Transceiver, java: PreparedJava | undefined): Promise<PreparedInspectors> {
    const { autopilot, inspectors, request, seed } = this.#plan;
    const preparing = prepareInspectors({
      seed,
      engine: this.#engine,
      ethernet: inspectors.has("ethernet"),
      proc: inspectors.has("proc"),
      java,
      autopilot,
      sharesNetwork: request.body.HostConfig.NetworkMode?.startsWith("container:") ?? false,
      transceiver,
      undo: this.#undo,
      onError: this.#record.warnOf,
    });
    preparing.catch(() => {}); // awaited when the first process is caught, unless something else fails first
    return preparing;
  }

  async #mountVolumes(
    transceiver: Transceiver,
    runFolder: string,
  ): Promise<{
    readonly volumes: readonly ResolvedVolume[];
    readonly mounts: readonly MountBody[];
    readonly filesystems: readonly FilesystemInspector[];
  }> {
    const { request, autopilot, inspectors, runId } = this.#plan;
    const undo = this.#undo;
    const isShaken = inspectors.has("fs");
    const { volumes, native } = await resolveVolumes({
      engine: this.#engine,
      request,
      isShaken,
      runId,
      runFolder,
      undo,
    });
    checkInterrupted(this.#interrupted);
    const mounted = await mountVolumes({
      volumes,
      isShaken,
      fs: autopilot.fs,
      runFolder,
      transceiver,
      undo,
      onError: this.#record.warnOf,
    });
    this.#inspectors.push(...mounted.inspectors);
    for (const warning of mounted.warnings) this.#record.warn(warning);
    return { volumes, mounts: [...mounted.mounts, ...native], filesystems: mounted.inspectors };
  }

  #openOrchestrator(): Orchestrator {
    const { autopilot, policies, runId, seed, request } = this.#plan;
    const { outDir } = request;
    const { traceFile, warn } = this.#record;
    const onLog = (line: string): void => this.#session.say(line);
    return openOrchestrator(
      { autopilot, policies, run: runId, seed, traceFile, outDir, onWarning: warn, onLog },
      this.#undo,
    );
  }

  async #start(
    container: CreatedContainer,
    preparing: Promise<PreparedInspectors>,
    exit: Promise<Exit>,
  ): Promise<Exit> {
    exit.catch(() => {}); // awaited at the end; nothing will exit when the start fails
    const { NetworkMode, CgroupParent } = this.#plan.request.body.HostConfig;
    try {
      const attached = await startAndAttach(this.#engine, container.id, preparing, {
        undo: this.#undo,
        cgroupParent: CgroupParent,
        isInHostNetwork: NetworkMode === "host",
        onBegin: () => this.#session.begins(container.id),
      });
      this.#inspectors.push(...attached.inspectors);
      this.#warnIfLate(attached);
    } catch (error) {
      if (isEngineGone(error) || error instanceof NmzError) throw error;
      const hint = error instanceof EngineError ? error.hint : undefined;
      throw new NmzError("NMZ_CONTAINER_START", messageOf(error), {
        ...(hint === undefined ? {} : { hint }),
        exitCode: exitCodeOfStartError(error),
        cause: error,
      });
    }
    // A signal that came before the workload's begin had nobody to go to.
    checkInterrupted(this.#interrupted);
    container.hasStarted();
    this.#session.started();
    return exit;
  }

  #warnIfLate({ isInTime, inspectors }: AttachedStart): void {
    const { inspectors: wanted, request } = this.#plan;
    const isAnyWanted = wanted.has("ethernet") || wanted.has("proc") || request.java !== undefined;
    if (isInTime || !isAnyWanted) return;
    this.#record.warn(
      inspectors.length > 0
        ? "the workload's first instructions ran before the inspectors were attached"
        : "the workload ended before the inspectors were attached",
    );
  }

  /** Before the reports: what the workload did last may still be on its way from the inspectors' threads. */
  async #stopInspectors(): Promise<void> {
    for (const result of await Promise.allSettled(this.#inspectors.map((inspector) => inspector.stop()))) {
      if (result.status === "rejected") this.#record.warn(messageOf(result.reason));
    }
  }
}
