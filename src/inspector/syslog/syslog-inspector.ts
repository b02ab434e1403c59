import type { ActionSink } from "../../signal/index.js";
import type { Transceiver } from "../../transceiver/index.js";
import { messageOf } from "../../util/index.js";
import type { Inspector, InspectorReport } from "../inspector.js";
import { lineEvent } from "./line-event.js";
import { lineText } from "./line-text.js";
import { sourceEntity } from "./source-entity.js";

/** A line as it came off a socket. */
export interface ReceivedLine {
  readonly bytes: Uint8Array;
  /** Only its first bytes are here. */
  readonly isCut: boolean;
  readonly address: string;
  readonly port: number;
}

/** What receives lines; it is closed when the inspector stops. */
export interface LineReceiver {
  /** "UDP" or "TCP", for the report. */
  readonly transport: string;
  readonly port: number;
  /** More lines for the report. */
  details(): Readonly<Record<string, number>>;
  close(): Promise<void>;
}

/** Each line becomes an event. Nobody holds a line, so whatever is answered, nothing is done to it. */
export class SyslogInspector implements Inspector, ActionSink {
  readonly #entity: string;
  readonly #transceiver: Transceiver;
  readonly #onError: (error: unknown) => void;
  readonly #refusals: Record<string, number> = {};
  readonly #receivers: LineReceiver[] = [];
  #stopping: Promise<void> | undefined;
  #events = 0;
  #raw = 0;
  #cut = 0;

  constructor(entity: string, transceiver: Transceiver, onError: (error: unknown) => void) {
    this.#entity = entity;
    this.#transceiver = transceiver;
    this.#onError = onError;
  }

  add(receiver: LineReceiver): void {
    this.#receivers.push(receiver);
  }

  readonly onLine = (line: ReceivedLine): void => {
    const text = lineText(line.bytes);
    if (text === "") return;
    const srcEntity = sourceEntity(line.address, line.port);
    const { event, message } = lineEvent(this.#entity, { srcEntity, text, isCut: line.isCut });
    this.#events += 1;
    if (message.format === "raw") this.#raw += 1;
    if (line.isCut) this.#cut += 1;
    try {
      this.#transceiver.send(event, this);
    } catch (error) {
      const reason = `the wire failed (${messageOf(error)})`;
      const count = this.#refusals[reason] ?? 0;
      this.#refusals[reason] = count + 1;
      if (count === 0) this.#onError(error);
    }
  };

  deliver(): void {}

  report(): InspectorReport {
    const details = this.#receivers.map((receiver) => receiver.details());
    return {
      inspector: "syslog",
      entity: this.#entity,
      events: this.#events,
      faults: {},
      refusals: { ...this.#refusals },
      details: Object.assign({ "without a known form": this.#raw, "cut short": this.#cut }, ...details),
    };
  }

  stop(): Promise<void> {
    this.#stopping ??= Promise.all(this.#receivers.map((receiver) => receiver.close())).then(() => {});
    return this.#stopping;
  }
}
