import { constants } from "node:os";
import type { FilesystemServer, HeldOperation } from "../../../runtime/kernel/index.js";
import {
  type Action,
  type ActionSink,
  type Event,
  EventAcceptanceAction,
  FilesystemEvent,
  FilesystemFaultAction,
} from "../../signal/index.js";
import type { Transceiver } from "../../transceiver/index.js";
import type { Inspector, InspectorReport } from "../inspector.js";

/** A FilesystemEvent that knows which operation waits for it. */
class HeldFilesystemEvent extends FilesystemEvent {
  readonly operationId: number;

  constructor(entity: string, operation: HeldOperation) {
    super(entity, operation.hook, operation.path);
    this.operationId = operation.id;
  }
}

/** Turns held operations into events and actions into answers, for one mount. */
export class FilesystemInspector implements Inspector, ActionSink {
  readonly #entity: string;
  readonly #transceiver: Transceiver;
  readonly #eventsByHook: Record<string, number> = {};
  readonly #refusals: Record<string, number> = {};
  #server: FilesystemServer | undefined;
  #stopping: Promise<void> | undefined;
  #events = 0;
  readonly #faults: Record<string, number> = {};
  #wasBusy = false;
  // Operations can come before the server has been handed over, and be answered then.
  readonly #early: { readonly id: number; readonly errno: number }[] = [];

  constructor(entity: string, transceiver: Transceiver) {
    this.#entity = entity;
    this.#transceiver = transceiver;
  }

  /** Hands over the server whose operations this inspector gets. */
  serveWith(server: FilesystemServer): void {
    this.#server = server;
    for (const { id, errno } of this.#early.splice(0)) server.answer(id, errno);
  }

  readonly onOperation = (operation: HeldOperation): void => {
    this.#events += 1;
    this.#eventsByHook[operation.hook] = (this.#eventsByHook[operation.hook] ?? 0) + 1;
    this.#transceiver.send(new HeldFilesystemEvent(this.#entity, operation), this);
  };

  deliver(event: Event, action: Action): void {
    const id = (event as HeldFilesystemEvent).operationId;
    if (action instanceof FilesystemFaultAction) {
      this.#faults["EIO"] = (this.#faults["EIO"] ?? 0) + 1;
      this.#answer(id, constants.errno.EIO);
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
        ...(this.#wasBusy ? { unmount: "busy: detached, and what still used it was cut off" } : {}),
      },
    };
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #stop(): Promise<void> {
    const result = await this.#server?.stop();
    this.#wasBusy = result?.wasBusy ?? false;
  }

  #answer(id: number, errno: number): void {
    if (this.#server === undefined) this.#early.push({ id, errno });
    else this.#server.answer(id, errno);
  }

  #refuse(reason: string): void {
    this.#refusals[reason] = (this.#refusals[reason] ?? 0) + 1;
  }
}
