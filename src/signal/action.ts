import { randomUUID } from "node:crypto";
import type { Event } from "./event.js";
import { dropFault, eioFault, type FilesystemFault, type PacketFault, type ProcessFault } from "./fault.js";
import type { Option, SignalJson } from "./json.js";

/** Sched attributes as they go over the wire: Linux policy numbers, times in nanoseconds, every key present. */
export interface SchedAttributes {
  readonly Policy: number;
  readonly Flags: number;
  readonly Nice: number;
  readonly Priority: number;
  readonly Runtime: number;
  readonly Deadline: number;
  readonly Period: number;
}

/** What a policy answers. `event` is the cause; a free-standing action has none. */
export abstract class Action {
  abstract readonly class: string;
  /** True when the action goes back to the inspector; false when the orchestrator is its only reader. */
  readonly isDelivered: boolean = true;
  readonly event: Event | undefined;
  #uuid: string | undefined;

  constructor(event: Event | undefined) {
    this.event = event;
  }

  get entity(): string {
    return this.event?.entity ?? "_namazu_invalid_entity_id";
  }

  get option(): Option {
    return {};
  }

  get uuid(): string {
    this.#uuid ??= randomUUID();
    return this.#uuid;
  }

  toJSON(): SignalJson {
    return {
      class: this.class,
      entity: this.entity,
      ...(this.event === undefined ? {} : { event_uuid: this.event.uuid }),
      option: this.option,
      type: "action",
      uuid: this.uuid,
    };
  }
}

/** The intercepted thing goes on. */
export class EventAcceptanceAction extends Action {
  readonly class = "EventAcceptanceAction";
}

/** Nothing to do; answers events that nobody holds. */
export class NopAction extends Action {
  readonly class = "NopAction";
  override readonly isDelivered = false;
}

/** The packet is dropped, as in Namazu, or what `fault` says. */
export class PacketFaultAction extends Action {
  readonly class = "PacketFaultAction";
  readonly fault: PacketFault;

  constructor(event: Event, fault: PacketFault = dropFault) {
    super(event);
    this.fault = fault;
  }

  // Namazu's has no option, and its readers know none.
  override get option(): Option {
    return this.fault.kind === "drop" ? {} : { fault: { ...this.fault } };
  }
}

/** The operation fails with EIO, as in Namazu, or what `fault` says. */
export class FilesystemFaultAction extends Action {
  readonly class = "FilesystemFaultAction";
  readonly fault: FilesystemFault;

  constructor(event: Event, fault: FilesystemFault = eioFault) {
    super(event);
    this.fault = fault;
  }

  override get option(): Option {
    const isNamazus = this.fault.kind === "errno" && this.fault.errno === "EIO";
    return isNamazus ? {} : { fault: { ...this.fault } };
  }
}

/** New scheduling attributes per thread; keys are thread ids as decimal strings. */
export class ProcSetSchedAction extends Action {
  readonly class = "ProcSetSchedAction";
  readonly attributes: Readonly<Record<string, SchedAttributes>>;

  constructor(event: Event, attributes: Readonly<Record<string, SchedAttributes>>) {
    super(event);
    this.attributes = attributes;
  }

  override get option(): Option {
    return { attrs: this.attributes as unknown as Option };
  }
}

/** Something is done to one of the workload's processes; threads get the attributes as with a ProcSetSchedAction. */
export class ProcFaultAction extends Action {
  readonly class = "ProcFaultAction";
  readonly fault: ProcessFault;
  /** What the policy wanted besides. */
  readonly attributes: Readonly<Record<string, SchedAttributes>>;

  constructor(event: Event, fault: ProcessFault, attributes: Readonly<Record<string, SchedAttributes>> = {}) {
    super(event);
    this.fault = fault;
    this.attributes = attributes;
  }

  override get option(): Option {
    return { fault: { ...this.fault }, attrs: this.attributes as unknown as Option };
  }
}

/** The orchestrator runs `sh -c command`; no inspector hears of it. */
export class ShellAction extends Action {
  readonly class = "ShellAction";
  override readonly isDelivered = false;
  readonly command: string;

  constructor(command: string) {
    super(undefined);
    this.command = command;
  }

  override get entity(): string {
    return "_namazu_shell_action_entity";
  }

  override get option(): Option {
    return { command: this.command, comments: {} };
  }
}

/**
 * File systems lose what was never synced, as when the power is cut: of the one with that entity, or all. At an event, it comes
 * right after what is answered to that at once, and a replay does it there again. Carried out by whoever has offered to; no inspector
 * is sent one.
 */
export class FilesystemCrashAction extends Action {
  readonly class = "FilesystemCrashAction";
  override readonly isDelivered = false;
  /** Undefined: every file system that can. */
  readonly filesystem: string | undefined;

  constructor(event?: Event, filesystem?: string) {
    super(event);
    this.filesystem = filesystem;
  }

  override get option(): Option {
    return this.filesystem === undefined ? {} : { filesystem: this.filesystem };
  }
}
