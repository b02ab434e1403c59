import type {
  FilesystemLoss,
  FilesystemServer,
  FilesystemVerdict,
  HeldOperation,
  LostFile,
} from "../../../runtime/kernel/index.js";
import {
  type Action,
  type ActionSink,
  type Event,
  EventAcceptanceAction,
  FilesystemEvent,
  type FilesystemFault,
  FilesystemFaultAction,
  type FilesystemHook,
  faultName,
} from "../../signal/index.js";
import type { Transceiver } from "../../transceiver/index.js";
import { isDoneWithin } from "../../util/index.js";
import type { Inspector, InspectorReport } from "../inspector.js";
import { lossInWords } from "./loss-in-words.js";
import { verdictOf } from "./verdict-of.js";

/** A FilesystemEvent that knows which operation waits for it. */
class HeldFilesystemEvent extends FilesystemEvent {
  readonly operationId: number;

  constructor(entity: string, operation: HeldOperation) {
    super(entity, operation.hook, operation.path);
    this.operationId = operation.id;
  }
}

/** A crash that takes longer is cut off with the mount. */
const crashPatienceMs = 1000;

/** Turns held operations into events and actions into answers, for one mount. */
export class FilesystemInspector implements Inspector, ActionSink {
  readonly #entity: string;
  readonly #transceiver: Transceiver;
  readonly #eventsByHook: Record<string, number> = {};
  readonly #refusals: Record<string, number> = {};
  #server: FilesystemServer | undefined;
  #stopping: Promise<void> | undefined;
  /** Of the last one; one waits for the other. */
  #crashed: Promise<unknown> = Promise.resolve();
  #events = 0;
  readonly #faults: Record<string, number> = {};
  #wasBusy = false;
  readonly #lost: LostFile[] = [];
  // Operations can come before the server has been handed over, and be answered then.
  readonly #early: { readonly id: number; readonly verdict: FilesystemVerdict }[] = [];

  constructor(entity: string, transceiver: Transceiver) {
    this.#entity = entity;
    this.#transceiver = transceiver;
  }

  /** Hands over the server whose operations this inspector gets. */
  serveWith(server: FilesystemServer): void {
    this.#server = server;
    for (const { id, verdict } of this.#early.splice(0)) server.answer(id, verdict);
  }

  readonly onOperation = (operation: HeldOperation): void => {
    this.#events += 1;
    this.#eventsByHook[operation.hook] = (this.#eventsByHook[operation.hook] ?? 0) + 1;
    this.#transceiver.send(new HeldFilesystemEvent(this.#entity, operation), this);
  };

  deliver(event: Event, action: Action): void {
    const id = (event as HeldFilesystemEvent).operationId;
    if (action instanceof FilesystemFaultAction) {
      this.#fault(id, (event as HeldFilesystemEvent).op, action.fault);
      return;
    }
    if (!(action instanceof EventAcceptanceAction))
      this.#refuse(`${action.class} is no answer to a file operation`);
    this.#answer(id, 0);
  }

  report(): InspectorReport {
    return {
      inspector: "fs",
      entity: this.#entity,
      events: this.#events,
      faults: { ...this.#faults },
      refusals: { ...this.#refusals },
      details: {
        ...this.#eventsByHook,
        ...(this.#server === undefined ? {} : { driver: this.#server.driver }),
        ...(this.#lost.length > 0 ? { lost: lossInWords(this.#lost) } : {}),
        ...(this.#wasBusy ? { unmount: "busy: detached, and what still used it was cut off" } : {}),
      },
    };
  }

  /** Takes back what was never synced. Rejects when the mount was not made for it, or is being taken down. */
  crash(): Promise<FilesystemLoss> {
    const crashing = this.#crash();
    this.#crashed = crashing.catch(() => {});
    return crashing;
  }

  async #crash(): Promise<FilesystemLoss> {
    if (this.#server?.crash === undefined) throw new Error("the mount was not made to crash");
    const loss = await this.#server.crash();
    this.#faults["crash"] = (this.#faults["crash"] ?? 0) + 1;
    this.#lost.push(...loss.lost);
    for (const path of loss.failed) this.#refuse(`crash: ${path} could not be put back`);
    return loss;
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  /** A crash that is under way is done first: files are as it leaves them, and the report says so. */
  async #stop(): Promise<void> {
    await isDoneWithin(this.#crashed, crashPatienceMs);
    const result = await this.#server?.stop();
    this.#wasBusy = result?.wasBusy ?? false;
  }

  /** A fault that was told as done could not be done after all: the operation was too small, say. */
  readonly onRefusal = (kind: string, reason: string): void => {
    const done = (this.#faults[kind] ?? 0) - 1;
    if (done > 0) this.#faults[kind] = done;
    else delete this.#faults[kind];
    this.#refuse(`${kind}: ${reason}`);
  };

  #fault(id: number, hook: FilesystemHook, fault: FilesystemFault): void {
    const found = verdictOf(hook, fault);
    if ("refusal" in found) {
      this.#refuse(`${faultName(fault)}: ${found.refusal}`);
      this.#answer(id, 0);
      return;
    }
    const name = faultName(fault);
    this.#faults[name] = (this.#faults[name] ?? 0) + 1;
    this.#answer(id, found.verdict);
  }

  #answer(id: number, verdict: FilesystemVerdict): void {
    if (this.#server === undefined) this.#early.push({ id, verdict });
    else this.#server.answer(id, verdict);
  }

  #refuse(reason: string): void {
    this.#refusals[reason] = (this.#refusals[reason] ?? 0) + 1;
  }
}
