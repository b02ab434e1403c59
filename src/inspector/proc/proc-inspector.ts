import { getSchedAttributes, isBeingKilled, processStartTicks } from "../../../runtime/kernel/index.js";
import {
  type Action,
  type ActionSink,
  type Event,
  ProcFaultAction,
  ProcSetEvent,
  ProcSetSchedAction,
} from "../../signal/index.js";
import type { Inspector, InspectorReport } from "../inspector.js";
import { AttributeSetter } from "./attribute-setter.js";
import type { BirthListener, BirthWatch } from "./birth-watch.js";
import { raiseOwnPriority } from "./own-priority.js";
import type { PrepareProcInspectorOptions } from "./proc-inspector-options.js";
import { ProcessFaults } from "./process-faults.js";
import type { Refusals } from "./refusals.js";
import type { Restarts } from "./restarts.js";
import { restoreThreads } from "./restore-threads.js";
import { ThreadLedger } from "./thread-ledger.js";
import type { ThreadSource } from "./thread-source.js";

// How often threads are listed where births are not told; one file is read for it.
const birthPollMs = 50;
const endingPollMs = 250;
// A bare number is nanoseconds in Namazu's format: `procWatchInterval = 100` would sweep without end.
const shortestIntervalMs = 10;

export interface ProcInspectorParts {
  readonly options: PrepareProcInspectorOptions;
  readonly births: BirthWatch;
  readonly source: ThreadSource;
  readonly refusals: Refusals;
  readonly admittedCpus: number;
  readonly closeRealtime: (() => Promise<void>) | undefined;
  readonly restarts: Restarts;
}

/** Sends the threads of one target to whoever decides, and does to the kernel what comes back. */
export class ProcInspector implements Inspector, ActionSink, BirthListener {
  readonly #options: PrepareProcInspectorOptions;
  readonly #births: BirthWatch;
  readonly #source: ThreadSource;
  readonly #refusals: Refusals;
  readonly #closeRealtime: (() => Promise<void>) | undefined;
  readonly #ledger = new ThreadLedger();
  readonly #setter: AttributeSetter;
  readonly #faults: ProcessFaults;
  readonly #timers: NodeJS.Timeout[] = [];
  #lowerPriority: () => void = () => {};
  #undoAttributes: () => Promise<void> = async () => {};
  #stopping: Promise<void> | undefined;
  #isQuiet = false;
  #isFirstSweep = true;
  #events = 0;
  #sweeps = 0;
  #born = 0;
  #mostThreads = 0;

  constructor(parts: ProcInspectorParts) {
    this.#options = parts.options;
    this.#births = parts.births;
    this.#source = parts.source;
    this.#refusals = parts.refusals;
    this.#closeRealtime = parts.closeRealtime;
    this.#setter = new AttributeSetter(this.#ledger, this.#refusals, parts.admittedCpus);
    this.#faults = new ProcessFaults({
      undo: parts.options.undo,
      refusals: parts.refusals,
      restarts: parts.restarts,
      onError: parts.options.onError,
      leaveDeadline: (tid) => void this.#setter.restore(tid, this.#ledger.originalOf(tid), true),
      threads: () => this.#list(),
    });
  }

  start(): void {
    this.#lowerPriority = raiseOwnPriority(this.#options.needsRealtime);
    this.#undoAttributes = this.#options.undo.push("scheduling attributes of the workload's threads", () => {
      this.#beQuiet();
      restoreThreads(() => this.#list(), this.#ledger, this.#setter);
    });
    this.#births.follow(this.#source.follow(), this);
    if (this.#options.cpus !== undefined) this.#faults.keepTo(this.#options.cpus);
    this.sweep();
    this.#every(Math.max(shortestIntervalMs, this.#options.watchIntervalMs), () => this.sweep());
    this.#every(endingPollMs, () => this.#releaseEnding());
    this.#every(Math.max(shortestIntervalMs, Math.min(birthPollMs, this.#options.watchIntervalMs)), () => {
      if (this.#births.unavailable !== undefined) this.onLoss();
    });
  }

  /** All threads, in one event. */
  sweep(): void {
    const threads = this.#list();
    this.#sweeps += 1;
    this.#mostThreads = Math.max(this.#mostThreads, threads.length);
    this.#learn(this.#ledger.keepOnly(threads));
    this.#setter.prune();
    this.#isFirstSweep = false;
    const staying = this.#releaseEnding(threads);
    if (staying.length > 0) this.#send(staying, false);
  }

  /** Who is killed needs the CPU to end: a deadline thread that has little of it would take for ever. Returns the others. */
  #releaseEnding(threads: readonly number[] = this.#ledger.deadlineThreads()): readonly number[] {
    return threads.filter((tid) => {
      if (!this.#ledger.isDeadline(tid) || !isBeingKilled(tid)) return true;
      this.#setter.release(tid);
      return false;
    });
  }

  onBirth(tid: number, tgid: number, parentTgid: number): void {
    if (tid === tgid) this.#source.addProcess(tgid);
    if (this.#isQuiet || tgid === process.pid || this.#ledger.has(tid)) return; // a sweep was quicker
    if (this.#source.isOfRuntime(tid, tgid)) return;
    this.#ledger.addBorn(tid, parentTgid);
    this.#born += 1;
    this.#faults.keepNew([tid]);
    this.#send([tid], true);
  }

  /** A process that we started ourselves belongs to the target from now on. */
  adopt(pid: number): void {
    this.onBirth(pid, pid, 0);
    const target = this.#source.follow();
    if (!this.#isQuiet && target.kind === "tree") this.#births.follow(target, this);
  }

  onLoss(): void {
    if (this.#isQuiet) return;
    const unknown = this.#list().filter((tid) => !this.#ledger.has(tid));
    if (unknown.length === 0) return;
    this.#learn(unknown);
    this.#born += unknown.length;
    this.#send(unknown, true);
  }

  /** False when nothing is left to shake. A zombie is nothing, however long nobody waits for it. */
  hasLivingThreads(): boolean {
    return this.livingThreads().length > 0;
  }

  /** Those that are left to shake, in sessions of their own, too. */
  livingThreads(): readonly number[] {
    return this.#list().filter((tid) => processStartTicks(tid) !== undefined);
  }

  deliver(event: Event, action: Action): void {
    // An action can be delayed past the end of the run: then threads keep what was restored.
    if (this.#isQuiet) return;
    if (action instanceof ProcSetSchedAction) this.#setter.apply(action.attributes);
    if (!(action instanceof ProcFaultAction)) return;
    this.#setter.apply(action.attributes);
    if (event instanceof ProcSetEvent) this.#faults.apply(event.threadIds, action.fault);
  }

  report(): InspectorReport {
    const { set, gone, reduced, kept } = this.#setter.counts;
    const { unavailable, losses } = this.#births;
    return {
      inspector: "proc",
      entity: this.#options.entity,
      events: this.#events,
      faults: { ...this.#faults.counts },
      refusals: this.#refusals.toRecord(),
      details: {
        births:
          unavailable === undefined
            ? "process events"
            : `listed every ${Math.min(birthPollMs, this.#options.watchIntervalMs)} ms: ${unavailable}`,
        sweeps: this.#sweeps,
        "most threads": this.#mostThreads,
        "born between sweeps": this.#born,
        "attributes set": set,
        ...(gone > 0 ? { "threads gone before": gone } : {}),
        ...(reduced > 0 ? { "deadline runtimes reduced to fit": reduced } : {}),
        ...(kept > 0 ? { "changes left out that would stop a thread": kept } : {}),
        ...(losses > 0 ? { "losses of process events": losses } : {}),
      },
    };
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #stop(): Promise<void> {
    this.#beQuiet();
    await this.#faults.stop();
    await this.#births.stop();
    await this.#undoAttributes();
    await this.#closeRealtime?.();
  }

  #beQuiet(): void {
    this.#isQuiet = true;
    for (const timer of this.#timers.splice(0)) clearInterval(timer);
    this.#lowerPriority();
  }

  #every(intervalMs: number, work: () => void): void {
    const timer = setInterval(() => {
      try {
        work();
      } catch (error) {
        this.#options.onError(error);
      }
    }, intervalMs);
    this.#timers.push(timer.unref());
  }

  #list(): number[] {
    return this.#source.list();
  }

  /** Threads that no birth told of. At the first sweep they have what they had before us. */
  #learn(tids: readonly number[]): void {
    for (const tid of tids) {
      const attributes = this.#isFirstSweep ? getSchedAttributes(tid) : undefined;
      if (attributes === undefined) this.#ledger.addBorn(tid, 0);
      else this.#ledger.addOriginal(tid, attributes);
    }
    this.#faults.keepNew(tids);
    // In a tree they may be processes whose children nobody follows yet.
    const target = this.#source.follow();
    if (tids.length > 0 && target.kind === "tree") this.#births.follow(target, this);
  }

  #send(threads: readonly number[], isBirth: boolean): void {
    this.#events += 1;
    const event = new ProcSetEvent(this.#options.entity, threads, undefined, isBirth);
    this.#options.transceiver.send(event, this);
  }
}
